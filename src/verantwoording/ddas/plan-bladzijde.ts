/** What of one municipality stands on a page. */
export type Deel = {
  /** The number of its levering, from 1, the same on every page. */
  readonly teller: number
  readonly gemeentecode: string
  /** How many of its signals stand on earlier pages, and how many on this one. */
  readonly skip: number
  readonly aantal: number
}

/** A page of a delivery: at most `pageSize` signals, of one municipality after another. */
export type Bladzijde = {
  readonly delen: readonly Deel[]
  readonly totalPages: number
  readonly totalRecords: number
}

type Telling = { readonly gemeentecode: string; readonly aantal: number }

/**
 * Says what stands on a page of the signals of these municipalities. A municipality without signals has its part as well,
 * once. A page that does not exist has no parts.
 */
export function planBladzijde(tellingen: readonly Telling[], page: number, pageSize: number): Bladzijde {
  const totalRecords = tellingen.reduce((sum, { aantal }) => sum + aantal, 0)
  const totalPages = Math.max(1, Math.ceil(totalRecords / pageSize))
  const begin = (page - 1) * pageSize
  const end = begin + pageSize
  let before = 0
  const delen = tellingen.flatMap(({ gemeentecode, aantal }, index): Deel[] => {
    const start = before
    before += aantal
    const skip = Math.max(0, begin - start)
    const deel = { teller: index + 1, gemeentecode, skip, aantal: Math.min(aantal, end - start) - skip }
    // Of an empty one at the very end the last page is the one that has room.
    const place = Math.min(start, Math.max(0, totalRecords - 1))
    const isEmptyHere = aantal === 0 && place >= begin && place < end
    if (isEmptyHere) return [{ ...deel, skip: 0, aantal: 0 }]
    return deel.aantal > 0 ? [deel] : []
  })
  return { delen, totalPages, totalRecords }
}
