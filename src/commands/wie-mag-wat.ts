import { systemClock, todayIn } from '../time.ts'
import { listAll } from './sending/list-all.ts'
import { readSender } from './sending/sender-settings.ts'
import { describeRights, type Landscape } from './wie-mag-wat/describe-rights.ts'

// Command `npm run wie-mag-wat`: who may do what today, for the yearly review of rights (BIO2 5.18.02). Exits 0 when it is
// told, 1 when the hub refused or could not be reached.
try {
  const sender = readSender(process.env, { prefix: 'BEHEER_', client: 'de client van de beheerder' })
  const landscape: Landscape = {
    gemeenten: await listAll(sender, '/v1/gemeenten'),
    signaalpartners: await listAll(sender, '/v1/signaalpartners'),
    overeenkomsten: await listAll(sender, '/v1/overeenkomsten'),
    clients: await listAll(sender, '/v1/clients')
  }
  const now = systemClock()()
  console.log(`Wie mag wat op ${todayIn(now)}, volgens ${sender.hubUrl}`)
  for (const line of describeRights(landscape, now)) console.log(line)
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`)
  process.exitCode = 1
}
