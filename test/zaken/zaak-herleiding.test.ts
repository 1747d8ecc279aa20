import t from 'tap'
import { herleidAll } from '../../src/wijzigingen/herleiding/schedule-herleiding.ts'
import { aSignal } from '../helpers/builders.ts'
import { loadRegister } from '../helpers/load-register.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { openHolds } from '../huishoudens/volgen/delta-hold.ts'

type Home = { id: string; vroegsignalen: { id: string; status: string }[] }

const register = [
  'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode',
  '8101AA;10;;hs;0177200000000001;0177'
]
const zaken = '/v1/vroegsignaalzaken'

t.test('a case that is opened while its household turns out to be another goes along', async (t) => {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177')
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  const homes = async (): Promise<Home[]> => (await raalte.get('/v1/huishoudens')).json().resultaten
  const herleider = {
    database: hub.database,
    keys: () => hub.keys,
    clock: hub.hub.clock,
    logger: { warn: (_: object, message: string) => void t.fail(message) }
  }
  const post = async (referentie: string, huisnummertoevoeging: string) => {
    const signal = aSignal({ referentie, klantnummer: referentie, adres: { huisnummertoevoeging } })
    return (await partner.post('/v1/vroegsignalen', signal)).json().id as string
  }
  await post('oud', 'hs')
  t.equal((await loadRegister(hub.beheer, register)).statusCode, 201)
  // This one is compared under the new register, and the old one is not yet.
  const young = await post('jong', 'H')
  const [before] = (await homes()).filter(({ vroegsignalen: [one] }) => one!.id === young)

  const holds = openHolds(hub)
  const held = await holds.request(() => raalte.post(zaken, { huishoudenId: before!.id }))
  t.ok(held.isHeld)
  await herleidAll(herleider)
  t.equal((await held.release()).statusCode, 201)
  await herleidAll(herleider)

  const after = await homes()
  t.equal(after.length, 1)
  const open = (await raalte.get(`${zaken}?huishoudenId=${after[0]!.id}&afgesloten=false`)).json().resultaten
  t.equal(open.length, 1, 'the case is that of the household that stays')
  t.equal(
    (await raalte.post(zaken, { huishoudenId: after[0]!.id })).statusCode,
    409,
    'so no second one opens'
  )
})
