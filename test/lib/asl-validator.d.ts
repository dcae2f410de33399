declare module 'asl-validator' {
  /** Changes the definition it is given. */
  function validate(definition: unknown): { readonly isValid: boolean; readonly errors: readonly unknown[] };
  export = validate;
}
