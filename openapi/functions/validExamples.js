import { createRulesetFunction } from '@stoplight/spectral-core'
import { schema as matches } from '@stoplight/spectral-functions'
import { schemasOf } from './walk.js'

/** Holds each of the `examples` of a schema against that schema. */
export default createRulesetFunction(
  { input: null, options: null },
  function validExamples(document, _, context) {
    return [...schemasOf(document)].flatMap((found) => check(found, context))
  }
)

function check({ schema, path }, context) {
  return (schema.examples ?? []).flatMap((example, index) =>
    matches(
      example,
      { schema, dialect: 'draft2020-12' },
      { ...context, path: [...path, 'examples', String(index)] }
    )
  )
}
