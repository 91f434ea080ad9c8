import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { RouterProvider, type createBrowserRouter } from "react-router";

import { ConfigContext, type Config } from "./config";

interface Props {
  config: Config;
  client: QueryClient;
  router: ReturnType<typeof createBrowserRouter>;
}

/** All pages, with what they stand on. */
export function App({ config, client, router }: Props) {
  return (
    <ConfigContext value={config}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigContext>
  );
}
