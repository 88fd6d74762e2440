/** One entry of the error catalogue: what a user sees when something goes wrong, and how to mend it. */
export interface ErrorDefinition {
  /** HTTP status of the API response that carries this error. */
  readonly status: number;
  /** What happened, with `{name}` placeholders that the thrower fills in. */
  readonly message: string;
  /** How to mend it, in the imperative. The same placeholders apply. */
  readonly hint: string;
}
