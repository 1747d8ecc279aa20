import { createRulesetFunction } from '@stoplight/spectral-core'
import { schema as matches } from '@stoplight/spectral-functions'
import { schemasOf, typesOf } from './walk.js'

const pattern = { type: 'string', format: 'regex' }

const options = {
  type: 'object',
  properties: {
    type: { enum: ['string', 'integer', 'array', 'object'] },
    property: pattern,
    named: pattern,
    requestBody: { const: true },
    ownWords: { const: true },
    demand: { type: 'object' }
  },
  required: ['demand'],
  additionalProperties: false
}

/**
 * Holds every selected schema of the document against the JSON Schema `demand`. The other options select:
 * `type` by JSON type, `property` by property name, `named` by property, query or path parameter name,
 * `requestBody` only what clients send, `ownWords` leaves out what is marked `x-extern-model`.
 */
export default createRulesetFunction(
  { input: null, options },
  function everySchema(document, selection, context) {
    return [...schemasOf(document)]
      .filter((found) => isSelected(found, selection))
      .flatMap(({ schema, path }) => check(schema, selection.demand, { ...context, path }))
  }
)

function check(schema, demand, context) {
  return matches(schema, { schema: demand, dialect: 'draft2020-12', allErrors: true }, context)
}

function isSelected({ schema, path, property, parameter, foreign }, selection) {
  return (
    (selection.type === undefined || typesOf(schema).includes(selection.type)) &&
    fits(property, selection.property) &&
    fits(property ?? parameter, selection.named) &&
    !(selection.requestBody && !(path[0] === 'paths' && path.includes('requestBody'))) &&
    !(selection.ownWords && foreign)
  )
}

function fits(name, expression) {
  return expression === undefined || (name !== undefined && new RegExp(expression, 'u').test(name))
}
