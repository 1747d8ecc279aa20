import { createRulesetFunction } from '@stoplight/spectral-core'
import { schema as matches } from '@stoplight/spectral-functions'

const options = {
  type: 'object',
  properties: { demand: { type: 'object' } },
  required: ['demand'],
  additionalProperties: false
}

/**
 * Holds a GET operation whose 200 carries `resultaten` against the JSON Schema `demand`;
 * `x-volledig: true` marks a list that is always whole, so that there is no next page.
 */
export default createRulesetFunction(
  { input: null, options },
  function everyCollection(operation, { demand }, context) {
    if (operation['x-volledig'] === true || !contents(operation).some(({ schema }) => hasResults(schema)))
      return []
    return matches(operation, { schema: demand, dialect: 'draft2020-12' }, context)
  }
)

function contents(operation) {
  return Object.values(operation.responses?.['200']?.content ?? {})
}

function hasResults(schema) {
  return schema?.properties?.resultaten !== undefined || (schema?.allOf ?? []).some(hasResults)
}
