/** The package brings no types. It writes into the definition it is given. */
declare module "asl-validator" {
  export default function validate(definition: unknown): {
    isValid: boolean;
    errorsText(separator?: string): string;
  };
}
