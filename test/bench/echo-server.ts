import { readFileSync } from 'node:fs'
import fastify from 'fastify'
import { validatorFor } from '../../src/platform/http/typebox.ts'
import { VroegsignaalInvoer } from '../../src/vroegsignalen/vroegsignaal-schema.ts'

const validate = validatorFor(VroegsignaalInvoer, 'body')
const app = fastify({ logger: false })
app.post('/v1/vroegsignalen', async (request, reply) => {
  if (validate(request.body).faults.length > 0) throw new Error('invalid')
  return reply.code(201).send(request.body)
})
// A page that a real hub returned. Each answer serializes it again.
if (process.env.BLADZIJDE) {
  const page = JSON.parse(readFileSync(process.env.BLADZIJDE, 'utf8'))
  app.get('/v1/huishoudens', async () => page)
}
app.get('/health/ready', async () => ({ status: 'ready' }))
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
process.once('SIGTERM', () => process.exit())
