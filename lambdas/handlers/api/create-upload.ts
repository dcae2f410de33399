import { randomUUID } from 'node:crypto';
import { CreateUploadRequest } from '../../contracts/requests.ts';
import { InvalidRequestError } from '../../domain/errors.ts';
import { apiHandler } from '../../platform/api/api-handler.ts';
import { isoSeconds, respond } from '../../platform/api/responses.ts';
import { readEnv } from '../../platform/env.ts';
import { presignUpload, UPLOAD_SECONDS } from '../../platform/presign-upload.ts';
import { systemClock } from '../../platform/system-clock.ts';

const env = readEnv('createUpload');

export const handler = apiHandler('createUpload', CreateUploadRequest, async ({ body }) => {
  if (body.size > env.UPLOAD_LIMIT_BYTES) {
    const issue = { path: 'size', message: `is more than the limit of ${env.UPLOAD_LIMIT_BYTES} bytes` };
    throw new InvalidRequestError(`Invalid request: ${issue.path}: ${issue.message}`, [issue]);
  }
  const fileId = randomUUID();
  const upload = await presignUpload(env.FILES_BUCKET, fileId, body.size);
  const expiresAt = isoSeconds(systemClock.now() + UPLOAD_SECONDS * 1000);
  return respond(201, { file_id: fileId, upload, expires_at: expiresAt });
});
