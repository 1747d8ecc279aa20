type Node = { [key: string]: unknown }
type Media = { example?: unknown }
type Operation = { operationId: string; requestBody?: { content?: Record<string, Media> } }

const json = 'application/json'

// The official linter of the NL API Design Rules takes any key under `paths` with post, put or patch in it for an
// operation, so a whole body with a postcode is an error to it wherever the document is linted.
const mistakable = /"\w*(post|put|patch)\w*":/i

/** Moves each whole body that the linter would mistake to `components/examples`, under the name of its operation. */
export function setExamplesApart(document: Node): Node {
  const apart: Node = {}
  for (const { operationId, requestBody } of operationsOf(document)) {
    const media = requestBody?.content?.[json]
    if (media?.example === undefined || !mistakable.test(JSON.stringify(media.example))) continue
    apart[operationId] = { summary: 'Een heel verzoek', value: media.example }
    delete media.example
  }
  const components = document.components as { examples: Node }
  return { ...document, components: { ...components, examples: { ...components.examples, ...apart } } }
}

/** The same document with these bodies where a page looks for them. */
export function withExamplesBack(document: Node): Node {
  const copy = structuredClone(document)
  const { examples } = copy.components as { examples: Record<string, { value: unknown }> }
  for (const { operationId, requestBody } of operationsOf(copy)) {
    const media = requestBody?.content?.[json]
    const apart = examples[operationId]
    if (media && apart) media.example = apart.value
  }
  return copy
}

function operationsOf(document: Node): Operation[] {
  return Object.values(document.paths as Record<string, Record<string, Operation>>).flatMap((path) =>
    Object.values(path)
  )
}
