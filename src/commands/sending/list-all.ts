import { askUntilAnswered, type Sender } from './send-file.ts'

/** Reads a collection of the hub to its last page. */
export async function listAll<Item>(sender: Sender, path: string): Promise<Item[]> {
  const items: Item[] = []
  let url: string | undefined = `${sender.hubUrl}${path}?limit=1000`
  while (url !== undefined) {
    const page: string = url
    const answer = await askUntilAnswered(sender, (authorization) =>
      fetch(page, { headers: { authorization } })
    )
    items.push(...((await answer.json()) as { resultaten: Item[] }).resultaten)
    url = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
  return items
}
