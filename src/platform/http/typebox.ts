import type { IncomingMessage, ServerResponse } from 'node:http'
import { distance } from 'fastest-levenshtein'
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import Format from 'typebox/format'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import { isRealDate } from '../../time.ts'
import type { Fault } from './problem.ts'

/** Types a Fastify request by its TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

/** A Fastify instance with requests typed by TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxProvider
>

type Part = Fault['in']
type Validate = (value: unknown) => { value: unknown; faults: Fault[] }
type TypeBoxError = {
  keyword: string
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
}
type Described = { properties?: object; examples?: unknown[] }

const maxFaults = 100
// The default of 8 would hide faults; a caller must see all of them at once.
Settings.Set({ maxErrors: maxFaults })
Format.Set('date', isRealDate)

/**
 * Makes a check of one part of a request that returns all faults, at most 100. Only a body is taken as it is; other
 * parts are converted from text.
 */
export function validatorFor(schema: TSchema, part: Part): Validate {
  const compiled = compileOnce(schema)
  return (input) => {
    const value = part === 'body' ? input : fromTexts(schema as TObject, input as Record<string, unknown>)
    if (compiled.Check(value)) return { value, faults: [] }
    const errors = [...compiled.Errors(value)] as TypeBoxError[]
    return {
      value,
      faults: errors.flatMap((error) => faultsOf(error, part, value, schema)).slice(0, maxFaults)
    }
  }
}

const compiledSchemas = new WeakMap<TSchema, Validator>()

function compileOnce(schema: TSchema): Validator {
  const compiled = compiledSchemas.get(schema) ?? Compile(schema)
  compiledSchemas.set(schema, compiled)
  return compiled
}

// Only digits make an integer, and only `true` or `false` a boolean. The library's conversion reads 1.5 and true as 1.
function fromTexts({ properties }: TObject, texts: Record<string, unknown>): Record<string, unknown> {
  const types = properties as Record<string, { type?: string } | undefined>
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, fromText(types[name]?.type, text)])
  )
}

function fromText(type: string | undefined, text: unknown): unknown {
  if (type === 'integer' && /^-?(0|[1-9][0-9]{0,14})$/.test(String(text))) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function faultsOf(error: TypeBoxError, part: Part, value: unknown, schema: TSchema): Fault[] {
  const { keyword, instancePath, params } = error
  const broken = schemaAt(schema, error.schemaPath)
  if (keyword === 'boolean' || keyword === 'anyOf') return []
  if (keyword === 'required') {
    return (params.requiredProperties as string[]).map((name) =>
      fault(part, `${instancePath}/${name}`, 'required', 'Dit is verplicht en ontbreekt.')
    )
  }
  if (keyword === 'additionalProperties') {
    return (params.additionalProperties as string[]).map((name) =>
      unknownField(part, instancePath, name, value, Object.keys(broken.properties ?? {}))
    )
  }
  const [code, detail] = explain(keyword, params, broken.examples?.[0])
  return [fault(part, instancePath, code, detail)]
}

// The name of an unknown field comes from the caller and may be personal, so the message gives its position instead, and
// the known field that it looks like.
function unknownField(
  part: Part,
  path: string,
  name: string,
  root: unknown,
  known: readonly string[]
): Fault {
  const owner = Value.Pointer.Get(root as object, path) as Record<string, unknown>
  const place = Object.keys(owner ?? {}).indexOf(name) + 1
  const allowed = known.length > 0 ? ` Hier mag: ${known.join(', ')}.` : ' Hier mag niets staan.'
  const like = known.find((one) => isSlipOf(name, one))
  const remedy = like === undefined ? 'verwijder het.' : `bedoelt u ${like}?`
  return fault(part, path, 'unknownParam', `Het ${place}e veld hier is onbekend; ${remedy}${allowed}`)
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

function isSlipOf(name: string, known: string): boolean {
  return name.length <= 60 && distance(plain(name), plain(known)) <= Math.min(2, Math.floor(known.length / 4))
}

// The schema that was broken. The error points to it, or to one of its keywords.
function schemaAt(schema: TSchema, schemaPath: string): Described {
  const found = Value.Pointer.Get(schema, schemaPath.replace(/^#/, ''))
  return typeof found === 'object' && found !== null ? (found as Described) : {}
}

function fault(part: Part, path: string, code: string, detail: string): Fault {
  return { in: part, location: part === 'body' ? path : path.slice(1), code, detail }
}

const typeTexts: Record<string, string> = {
  string: 'tekst',
  integer: 'een geheel getal',
  number: 'een getal',
  boolean: 'true of false',
  array: 'een lijst',
  object: 'een object'
}

function explain(
  keyword: string,
  params: Record<string, unknown>,
  example: unknown
): [code: string, detail: string] {
  const limit = String(params.limit ?? '')
  switch (keyword) {
    case 'type':
      return [String(params.type), `Dit moet ${typeTexts[String(params.type)]} zijn.`]
    case 'enum':
      return ['enum', `Kies een van: ${(params.allowedValues as string[]).join(', ')}.`]
    case 'format':
      return explainFormat(String(params.format))
    case 'pattern':
      return [
        'pattern',
        `De tekst heeft niet de juiste vorm${example === undefined ? '' : `; zo kan het: ${example}`}.`
      ]
    case 'minimum':
    case 'maximum':
      return [keyword, `Dit moet ${keyword === 'minimum' ? 'minstens' : 'hoogstens'} ${limit} zijn.`]
    case 'minLength':
      return ['minLength', 'Dit mag niet leeg zijn.']
    case 'maxLength':
      return [keyword, `Dit mag hoogstens ${limit} tekens lang zijn.`]
    case 'minItems':
    case 'maxItems':
      return [
        keyword,
        `Dit moet ${keyword === 'minItems' ? 'minstens' : 'hoogstens'} ${limit} waarden hebben.`
      ]
    case 'minProperties':
      return [keyword, `Geef minstens ${limit} veld op.`]
    case 'uniqueItems':
      return ['unique', 'Elke waarde mag hier maar één keer voorkomen.']
    default:
      return [keyword, 'Deze waarde voldoet niet aan het OpenAPI-document.']
  }
}

function explainFormat(format: string): [code: string, detail: string] {
  if (format === 'date') return ['date', 'Dit moet een bestaande dag zijn, geschreven als 2026-11-25.']
  const names: Record<string, string> = {
    uuid: 'een UUID',
    email: 'een e-mailadres',
    'date-time': 'een tijdstip in UTC'
  }
  if (format === 'idn-email') return explainFormat('email')
  return [format, `Dit moet ${names[format] ?? format} zijn.`]
}
