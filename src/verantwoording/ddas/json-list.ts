const [opening, comma, closing] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')]

/** Items that are JSON already, each in one or more pieces, as one list in pieces. */
export function jsonList(items: readonly (Buffer | readonly Buffer[])[]): Buffer[] {
  return [opening, ...items.flatMap((item, index) => [index === 0 ? [] : comma, item].flat(2)), closing]
}
