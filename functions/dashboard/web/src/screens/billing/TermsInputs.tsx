import { Plus, X } from "lucide-react";
import { useFieldArray, type useForm } from "react-hook-form";

import { Button } from "../../ui/Button";
import { NumberField } from "../../ui/NumberField";
import { words, wordOf } from "../../words";
import type { PlanFields } from "./planForm";
import { hub } from "./words";

interface Props {
  form: ReturnType<typeof useForm<PlanFields>>;
}

/** A place in a list as the names of its fields hold it. */
function indexOf(place: number): `${number}` {
  return String(place) as `${number}`;
}

const AS_NUMBER = { valueAsNumber: true } as const;

/** What follows from each status: for the student and for the teacher's pay. */
export function OutcomeInputs({ form }: Props) {
  const { fields } = useFieldArray({ control: form.control, name: "outcomes" });
  const { register } = form;
  return (
    <fieldset className="fieldset">
      <legend>{hub.plans.outcomes}</legend>
      {fields.map(({ id, status }, place) => {
        const at = indexOf(place);
        const who = wordOf(words.status, status);
        return (
          <div key={id} className="outcome">
            <span>{who}</span>
            <select className="input" aria-label={`${who}: ${hub.plans.outcomes}`} {...register(`outcomes.${at}.charge`)}>
              {Object.entries(hub.plans.charges).map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
            <Percent
              label={`${who}: ${hub.plans.ofPrice}`}
              text={hub.plans.ofPrice}
              parts={register(`outcomes.${at}.chargePercent`, AS_NUMBER)}
            />
            <Percent
              label={`${who}: ${hub.plans.ofPay}`}
              text={hub.plans.ofPay}
              parts={register(`outcomes.${at}.payPercent`, AS_NUMBER)}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

function Percent({ label, text, parts }: { label: string; text: string; parts: ReturnType<Props["form"]["register"]> }) {
  return (
    <span className="percent">
      <input className="input" type="number" min={0} max={100} aria-label={label} {...parts} />
      <span className="small soft" aria-hidden="true">
        {text}
      </span>
    </span>
  );
}

/** What a class costs and pays that is cancelled late. */
export function NoticeInputs({ form }: Props) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "notices" });
  const { register, getValues } = form;
  return (
    <fieldset className="fieldset">
      <legend>{hub.plans.notices}</legend>
      {fields.map(({ id }, place) => (
        <div key={id} className="price">
          <NumberField
            label={hub.plans.noticeHours}
            min={1}
            max={720}
            registered={register(`notices.${indexOf(place)}.hours`, AS_NUMBER)}
          />
          <NumberField
            label={hub.plans.ofPrice}
            min={0}
            max={100}
            registered={register(`notices.${indexOf(place)}.chargePercent`, AS_NUMBER)}
          />
          <NumberField
            label={hub.plans.ofPay}
            min={0}
            max={100}
            registered={register(`notices.${indexOf(place)}.payPercent`, AS_NUMBER)}
          />
          <Button
            kind="plain"
            aria-label={hub.plans.dropNotice(String(getValues(`notices.${indexOf(place)}.hours`)))}
            onClick={() => {
              remove(place);
            }}
          >
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
      ))}
      <div>
        <Button
          kind="plain"
          onClick={() => {
            append({ hours: 24, chargePercent: 50, payPercent: 50 });
          }}
        >
          <Plus size={15} aria-hidden="true" />
          {hub.plans.addNotice}
        </Button>
      </div>
    </fieldset>
  );
}
