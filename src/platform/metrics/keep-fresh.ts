/** Makes a read that is done once at a time, and again only when its result is older than `milliseconds`. */
export function keepFresh<Result>(milliseconds: number, read: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  let readAt = 0
  let isReading = false
  return () => {
    if (result !== undefined && (isReading || performance.now() - readAt < milliseconds)) return result
    isReading = true
    result = read().finally(() => {
      isReading = false
      readAt = performance.now()
    })
    return result
  }
}
