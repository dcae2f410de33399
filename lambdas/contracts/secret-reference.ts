import * as z from 'zod';

/** `{"secret": "name"}`: stands for a value that the deployment keeps, in Secrets Manager under `headgate/<stage>/<name>`. */
export const SecretReference = z.strictObject({
  secret: z
    .string()
    .regex(/^[\w/+=.@-]{1,256}$/, 'must be 1 to 256 letters, digits and /_+=.@-')
    // Secrets Manager takes such an ending for the one that it gives to a secret's ARN.
    .refine((name) => !/-[A-Za-z0-9]{6}$/.test(name), 'may not end in a hyphen and six letters or digits'),
});
