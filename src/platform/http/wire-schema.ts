import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import { sectoren } from '../../begrippen/vroegsignaal.ts'

/** A description and examples; every property has both, because the OpenAPI document is the manual. */
type Texts = { description: string; examples?: unknown[] }

// No control characters, no bidirectional overrides, no lone surrogates.
const cleanText = '^[^\\x00-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069\\uD800-\\uDFFF]*$'

/**
 * A closed object with a name in the document: unknown fields are refused (data minimisation, AVG art. 5 lid 1 onder
 * c).
 */
export function NamedObject<Properties extends TProperties>(
  title: string,
  properties: Properties,
  description = ''
) {
  return Type.Object(properties, {
    additionalProperties: false,
    title,
    ...(description && { description })
  })
}

/** A closed object without a name in the document. */
export function Group<Properties extends TProperties>(properties: Properties, description: string) {
  return Type.Object(properties, { additionalProperties: false, description })
}

/** Text of 1 to `maxLength` characters, without control characters. */
export function CleanText(maxLength: number, texts: Texts) {
  return Type.String({ minLength: 1, maxLength, pattern: cleanText, ...texts })
}

/** Text that matches a pattern. */
export function Formed(pattern: string, maxLength: number, texts: Texts) {
  return Type.String({ pattern, maxLength, ...texts })
}

/** A calendar day, `2026-11-25`. */
export function Day(texts: Texts) {
  return Type.String({ format: 'date', examples: ['2026-11-25'], ...texts })
}

/** A calendar day, or null to take it away (JSON Merge Patch). */
export function DayOrNull(texts: Texts) {
  return Type.Unsafe<string | null>({
    type: ['string', 'null'],
    format: 'date',
    examples: ['2026-11-25'],
    ...texts
  })
}

/** A calendar month, `YYYY-MM`, of the years 1900 to 2199. */
export function Month(texts: Texts) {
  return Formed('^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$', 7, texts)
}

/** An instant in UTC, ending in `Z`. */
export function Instant(texts: Texts) {
  return Type.String({ format: 'date-time', examples: ['2026-11-25T09:30:00.000Z'], ...texts })
}

export function Uuid(texts: Texts) {
  return Type.String({ format: 'uuid', examples: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'], ...texts })
}

/** A whole number between the two bounds. */
export function Whole(minimum: number, maximum: number, texts: Texts) {
  return Type.Integer({ minimum, maximum, ...texts })
}

/** An amount in euro cents, 1 to 100,000,000. */
export function Cents(texts: Texts) {
  return Whole(1, 100_000_000, texts)
}

export function Flag(texts: Texts) {
  return Type.Boolean({ examples: [false], ...texts })
}

/** One value of a closed list. */
export function OneOf<const Values extends readonly string[]>(values: Values, texts: Texts) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], examples: [values[0]], ...texts })
}

export function List<Item extends TSchema>(
  item: Item,
  maxItems: number,
  texts: Texts & { minItems?: number; uniqueItems?: boolean }
) {
  return Type.Array(item, { maxItems, ...texts })
}

/** The schema of an answer without a body. */
export function noContent(description: string) {
  return { description, type: 'null' } as never
}

/** CBS code of a municipality: four digits. */
export function Gemeentecode(description = 'CBS-code van de gemeente, vier cijfers.') {
  return Formed('^[0-9]{4}$', 4, { description, examples: ['0177'] })
}

/** One or more sectors. */
export function Sectoren(description: string) {
  const sector = OneOf(sectoren, { description: 'Soort vaste last.', examples: ['huur'] })
  return List(sector, sectoren.length, { description, minItems: 1, uniqueItems: true })
}

/** A page of a collection. */
export function Collection<Item extends TObject>(title: string, item: Item) {
  return NamedObject(title, {
    resultaten: List(item, 1000, { description: 'De bronnen van deze bladzijde, in vaste volgorde.' })
  })
}

/** The two query parameters of every collection. */
export const pageQuery = {
  cursor: Type.Optional(
    Formed('^[A-Za-z0-9_.-]+$', 2000, {
      description: 'Waar de bladzijde begint: neem de waarde over uit `Link: rel="next"` van de vorige.',
      examples: ['eyJpZCI6IjAxOWFiM2M0In0.mJ5v8Qk2']
    })
  ),
  limit: Type.Optional(
    Whole(1, 1000, { description: 'Hoogste aantal bronnen op de bladzijde; standaard 100.', examples: [100] })
  )
}
/** The values of `pageQuery`. */
export type PageQuery = { cursor?: string; limit?: number }

/** The query parameters of a question about months and municipalities. */
export const monthsQuery = {
  van: Type.Optional(
    Month({ description: 'Eerste maand; standaard elf maanden voor de laatste.', examples: ['2026-01'] })
  ),
  totEnMet: Type.Optional(Month({ description: 'Laatste maand; standaard deze.', examples: ['2026-11'] })),
  gemeentecode: Type.Optional(Gemeentecode('Alleen deze gemeente.'))
}

/** Query parameters; unknown ones are refused. */
export function Query<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false })
}

export type { Static }
