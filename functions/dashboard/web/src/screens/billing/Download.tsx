import { useMutation } from "@tanstack/react-query";
import { Download as Icon } from "lucide-react";

import { downloaded } from "../../api/client";
import { Button } from "../../ui/Button";
import { TroubleNote } from "../../ui/states";

interface Props {
  path: string;
  search?: Readonly<Record<string, string>>;
  label: string;
  /** What a reader hears, where the label alone says too little. */
  told?: string;
  kind?: "main" | "plain";
}

/** A file that the API makes, saved under the name that the API gives it. */
export function Download({ path, search = {}, label, told, kind }: Props) {
  const saving = useMutation({
    mutationFn: async () => {
      const { blob, name } = await downloaded(path, new URLSearchParams(search));
      const address = URL.createObjectURL(blob);
      const link = Object.assign(document.createElement("a"), { href: address, download: name });
      link.click();
      URL.revokeObjectURL(address);
    },
  });
  return (
    <>
      <Button
        {...(kind ? { kind } : {})}
        aria-label={told}
        isBusy={saving.isPending}
        onClick={() => {
          saving.mutate();
        }}
      >
        <Icon size={15} aria-hidden="true" />
        {label}
      </Button>
      <TroubleNote thrown={saving.error} />
    </>
  );
}
