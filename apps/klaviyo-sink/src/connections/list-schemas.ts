import { pageQuerySchema, pageSchema } from '@courier/contracts';
import { z } from 'zod';

export const listIdPattern = /^[A-Za-z0-9]{1,50}$/;
/** A cursor is Klaviyo's own, whatever it looks like, and goes back there as one value of a query. */
export const listQuerySchema = pageQuerySchema.extend({ cursor: pageQuerySchema.shape.cursor.unwrap().min(1).optional() });

export const listSchema = z
  .object({ id: z.string(), name: z.string(), optInProcess: z.string().nullable() })
  .meta({ example: { id: 'LST001', name: 'Newsletter', optInProcess: 'double_opt_in' } });
export const listPageSchema = pageSchema(listSchema);
