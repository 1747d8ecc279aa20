import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { clientFaults } from '../../../organisaties/clients/client-rules.ts'
import { validatorFor } from '../../../platform/http/typebox.ts'
import { Landschap } from './landschap-schema.ts'

/** Something wrong in a file, and on which line. */
type Fault = { readonly line: number; readonly text: string }
/** Something wrong at a JSON pointer. */
type Located = { readonly location: string; readonly detail: string }

const validate = validatorFor(Landschap, 'body')

/** What is told of a municipality that merged into another one, by its code. */
export type Opgegaan = ReadonlyMap<string, string>

/**
 * Reads a landscape from YAML; throws one Error with everything that is wrong in it, each with its line: also where it names a
 * municipality that merged into another one, as far as those are known.
 */
export function readLandschap(text: string, opgegaan: Opgegaan = new Map()): Landschap {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line
  const written = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    line: lineAt(pos[0]),
    text: explain(code, message)
  }))
  const root = document.contents as Node | null
  const place = (location: string): Fault['line'] => lineAt(nodeAt(root, location)?.range?.[0] ?? 0)
  const given = isMap(root) ? (document.toJS() as Partial<Landschap>) : {}
  const meant = (isMap(root) ? faultsOf(given, opgegaan) : [{ location: '', detail: notALandscape }]).map(
    ({ location, detail }) => ({
      line: place(location),
      text: `${location || 'bestand'}: ${detail}${unquoted(nodeAt(root, location), detail)}`
    })
  )
  // What follows a fault in the writing may be read wrongly on the same line.
  const spoilt = new Set(written.map(({ line }) => line))
  const faults = [...written, ...meant.filter(({ line }) => !spoilt.has(line))]
  if (faults.length > 0)
    throw new Error(`Dit bestand is nog niet goed:\n${faults.sort(inOrder).map(show).join('\n')}`)
  return { gemeenten: [], signaalpartners: [], clients: [], overeenkomsten: [], ...given }
}

const notALandscape = 'Hier hoort een lijst gemeenten, signaalpartners, clients of overeenkomsten te staan.'

const texts: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Spring in met spaties, niet met een tab.',
  DUPLICATE_KEY: 'Dit veld staat hier al.',
  BAD_INDENT: 'De inspringing klopt niet.',
  MISSING_CHAR: 'Hier ontbreekt een teken, zoals een dubbele punt, een haakje of een aanhalingsteken.'
}

function explain(code: string, message: string): string {
  return texts[code] ?? `Dit is geen goede YAML: ${message}`
}

// A text that YAML reads as something else, as 0177 for a number.
function unquoted(node: Node | undefined, detail: string): string {
  if (!detail.includes('tekst zijn') || !isScalar(node) || typeof node.value === 'string') return ''
  return ` Zet er aanhalingstekens om: "${node.source ?? node.value}".`
}

function nodeAt(root: Node | null, location: string): Node | undefined {
  let node: Node | undefined = root ?? undefined
  for (const part of location.split('/').slice(1)) {
    const next = (node as { get?(key: unknown, keep: true): Node | undefined }).get?.(
      isMap(node) ? part : Number(part),
      true
    )
    // What is missing is missing from this.
    if (next === undefined || next === null) break
    node = next
  }
  return node
}

function inOrder(one: Fault, other: Fault): number {
  return one.line - other.line
}

function show({ line, text }: Fault): string {
  return `- regel ${line}: ${text}`
}

function faultsOf(given: Partial<Landschap>, opgegaan: Opgegaan): Located[] {
  const { faults } = validate(given)
  const broken = new Set(faults.map(({ location }) => location.split('/').slice(1, 3).join('/')))
  return [
    ...faults,
    ...ruleFaults(given, (list, place) => !broken.has(`${list}/${place}`) && !broken.has(list)),
    ...(faults.length === 0 ? opgegaanFaults(given, opgegaan) : [])
  ]
}

function opgegaanFaults(
  { gemeenten = [], clients = [], overeenkomsten = [] }: Partial<Landschap>,
  opgegaan: Opgegaan
): Located[] {
  const named = [
    ...gemeenten.map(({ gemeentecode }, at) => [`/gemeenten/${at}/gemeentecode`, gemeentecode] as const),
    ...Object.entries({ clients, overeenkomsten }).flatMap(([list, items]) =>
      items.flatMap(({ gemeentecodes = [] }, place) =>
        gemeentecodes.map((code, at) => [`/${list}/${place}/gemeentecodes/${at}`, code] as const)
      )
    )
  ]
  return named.flatMap(([location, code]) => {
    const detail = opgegaan.get(code)
    return detail === undefined ? [] : [{ location, detail }]
  })
}

// Of what has the right form: who is named must be there, and every name once.
function ruleFaults(given: Partial<Landschap>, isSound: (list: string, place: number) => boolean): Located[] {
  const sound = <List extends keyof Landschap>(list: List) =>
    [...((Array.isArray(given[list]) ? given[list] : []) as Landschap[List]).entries()].filter(([place]) =>
      isSound(list, place)
    ) as [number, Landschap[List][number]][]
  const codes = namesIn(given.gemeenten, 'gemeentecode')
  const partners = new Map(
    (Array.isArray(given.signaalpartners) ? given.signaalpartners : []).map((partner) => [
      partner?.naam,
      partner
    ])
  )
  const unknownPartner = (location: string, naam: string | undefined) =>
    naam === undefined || partners.has(naam)
      ? []
      : [{ location: `${location}/signaalpartner`, detail: `${naam} staat niet bij signaalpartners.` }]
  const unknownCodes = (location: string, gemeentecodes: readonly string[] = []) =>
    gemeentecodes.flatMap((code, at) =>
      codes.has(code)
        ? []
        : [{ location: `${location}/gemeentecodes/${at}`, detail: `${code} staat niet bij gemeenten.` }]
    )
  return [
    ...twice('gemeenten', sound('gemeenten'), ({ gemeentecode }) => gemeentecode),
    ...twice('signaalpartners', sound('signaalpartners'), ({ naam }) => naam),
    ...twice('clients', sound('clients'), keyOfClient),
    ...twice(
      'overeenkomsten',
      sound('overeenkomsten').flatMap(([place, { gemeentecodes, ...rest }]) =>
        gemeentecodes.map((code) => [place, { ...rest, code }] as const)
      ),
      ({ signaalpartner, code, ingangsdatum }) => `${signaalpartner}, ${code}, ${ingangsdatum}`
    ),
    ...sound('clients').flatMap(([place, { signaalpartner, ...client }]) => {
      const location = `/clients/${place}`
      const faults = clientFaults({
        ...client,
        ...(signaalpartner !== undefined && { signaalpartnerId: '' })
      })
      return [
        ...faults.map(({ location: at, detail }) => ({
          location: `${location}${at.replace('signaalpartnerId', 'signaalpartner')}`,
          detail
        })),
        ...unknownPartner(location, signaalpartner),
        ...unknownCodes(location, client.gemeentecodes)
      ]
    }),
    ...sound('overeenkomsten').flatMap(
      ([place, { signaalpartner, gemeentecodes, sectoren, ingangsdatum, einddatum }]) => {
        const location = `/overeenkomsten/${place}`
        const admitted: readonly string[] = partners.get(signaalpartner)?.sectoren ?? sectoren
        return [
          ...unknownPartner(location, signaalpartner),
          ...unknownCodes(location, gemeentecodes),
          ...sectoren.flatMap((sector, at) =>
            admitted.includes(sector)
              ? []
              : [
                  {
                    location: `${location}/sectoren/${at}`,
                    detail: `${signaalpartner} is niet in ${sector} toegelaten.`
                  }
                ]
          ),
          ...(einddatum !== undefined && einddatum < ingangsdatum
            ? [
                {
                  location: `${location}/einddatum`,
                  detail: 'De einddatum mag niet voor de ingangsdatum liggen.'
                }
              ]
            : [])
        ]
      }
    )
  ]
}

function namesIn<Item extends object>(items: readonly Item[] | undefined, field: keyof Item): Set<unknown> {
  return new Set((Array.isArray(items) ? items : []).map((item: Item) => item?.[field]))
}

/** What tells a client from the others: for whom it works, and its name. */
export function keyOfClient({
  rol,
  signaalpartner,
  gemeentecodes = [],
  naam
}: Pick<Landschap['clients'][number], 'rol' | 'signaalpartner' | 'gemeentecodes' | 'naam'>): string {
  return [rol, signaalpartner ?? gemeentecodes.toSorted()[0], naam].filter(Boolean).join(', ')
}

function twice<Item>(
  list: string,
  items: readonly (readonly [number, Item])[],
  keyOf: (item: Item) => string
): Located[] {
  const seen = new Set<string>()
  return items.flatMap(([place, item]) => {
    const key = keyOf(item)
    const isSeen = seen.has(key)
    seen.add(key)
    return isSeen ? [{ location: `/${list}/${place}`, detail: `${key} staat er al.` }] : []
  })
}
