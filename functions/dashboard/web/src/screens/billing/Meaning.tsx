import { exampleSentences, otherSentences, outcomeSentences, rateSentences, type PlanTerms } from "./meaning";
import { hub } from "./words";

/** What a version of a plan means, in plain sentences: for students, for teachers, and for the rest. */
export function Meaning({ terms }: { terms: PlanTerms }) {
  return (
    <div className="meaning small">
      <div>
        <h3>{hub.plans.charge}</h3>
        <Sentences of={[...rateSentences(terms.charge, "charge"), ...exampleSentences(terms.charge)]} />
      </div>
      <div>
        <h3>{hub.plans.pay}</h3>
        <Sentences of={[...rateSentences(terms.pay, "pay"), ...exampleSentences(terms.pay)]} />
      </div>
      <div>
        <h3>{hub.plans.outcomes}</h3>
        <Sentences of={[...outcomeSentences(terms), ...otherSentences(terms)]} />
      </div>
    </div>
  );
}

function Sentences({ of }: { of: readonly string[] }) {
  return (
    <ul>
      {of.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
