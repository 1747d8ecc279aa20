/** Whether an error of a program, or what it logged, says that a disk is full. */
export function hasNoSpace(said: unknown): boolean {
  return /No space left on device|ENOSPC/.test(String(said))
}

/** The error for a folder on a disk that is full. */
export function noSpaceOn(folder: string, cause: unknown): Error {
  return new Error(`there is no room on the disk of ${folder}: make some, and start again`, { cause })
}
