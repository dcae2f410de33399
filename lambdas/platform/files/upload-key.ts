/** Where an uploaded file is kept: under its id alone, never under a name its user chose. */
export function uploadKey(fileId: string): string {
  return `uploads/${fileId}`;
}
