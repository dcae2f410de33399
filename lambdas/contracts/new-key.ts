import * as z from 'zod';
import { type Role, roles } from './roles.ts';
import { scopes } from './scopes.ts';

/** The authorizer hands them on with every request, and the gateway limits what it may say. */
const MOST_WRAPPERS = 100;

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not hold control characters');

const role = z.enum(Object.keys(roles) as [Role, ...Role[]]);
const wrapperId = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'is not a wrapper id');

/** Counted before they are looked at: ten thousand bad ones are one problem. */
const wrapperIds = z
  .array(z.unknown())
  .min(1)
  .max(MOST_WRAPPERS)
  .pipe(z.array(wrapperId))
  .transform((ids) => [...new Set(ids)]);

/** A key as it is asked for; without a role and scopes it may read. */
export const NewKey = z
  .strictObject({
    name,
    role: role.optional(),
    scopes: z
      .array(z.unknown())
      .min(1)
      .max(scopes.length)
      .pipe(z.array(z.enum(scopes)))
      .optional(),
    wrapper_ids: wrapperIds.optional(),
    /** ISO 8601, with an offset or `Z`. */
    expires_at: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2030-01-31T00:00:00Z' })
      .transform(Date.parse)
      .optional(),
  })
  .refine((key) => key.role === undefined || key.scopes === undefined, {
    path: ['role'],
    message: 'can not be given together with scopes',
  })
  .transform(({ role: bundle = 'read', scopes: single, ...key }) => ({
    name: key.name,
    scopes: [...new Set(single ?? roles[bundle])],
    ...(key.wrapper_ids !== undefined && { wrapperIds: key.wrapper_ids }),
    ...(key.expires_at !== undefined && { expiresAt: key.expires_at }),
  }));
