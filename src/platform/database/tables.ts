import type { ColumnType, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Sector, Signaalsoort, Signaalstatus } from '../../vroegsignalen/vroegsignaal.ts'

type Day = ColumnType<string, string, string>
type Instant = ColumnType<Date, Date, Date>
type Ondertekening = { naam: string; functie: string; op: string }
type Json<Value> = JSONColumnType<Value & object>

export type MatchTelling = 'signalen' | 'signaalpartners' | 'sectoren'

/** What a municipality has settled for itself (contract: `instellingen`). */
export type Instellingen = {
  bewaartermijnMaanden: number
  drempelbedragenInCenten: Partial<Record<Sector, number>>
  matchTelling: MatchTelling
  geenHulpVernietigenNaDagen: number
  jongereTotEnMetLeeftijd: number
  reactietermijnDagen: number
}

/** Why personal data were destroyed (contract §8). */
export type Aanleiding = 'bewaartermijn' | 'geen-hulp' | 'wissing' | 'bezwaar' | 'intrekking'

/** Every table of the main database, as the migrations make it; a test holds the two together. */
export type Tables = {
  gemeente: {
    gemeentecode: string
    naam: string
    oin: string | null
    instellingen: Json<Instellingen>
  }
  signaalpartner: {
    id: string
    naam: string
    sectoren: Sector[]
    kvkNummer: string | null
    oin: string | null
    status: 'actief' | 'geschorst'
  }
  overeenkomst: {
    gemeentecode: string
    id: string
    signaalpartnerId: string
    sectoren: Sector[]
    convenantversie: string
    ingangsdatum: Day
    einddatum: Day | null
    ingreep: 'opgeschort' | 'beeindigd' | null
    ondertekeningSignaalpartner: Json<Ondertekening> | null
    ondertekeningGemeente: Json<Ondertekening> | null
  }
  client: {
    id: string
    clientId: string
    naam: string
    rol: 'signaalpartner' | 'gemeente' | 'beheer'
    signaalpartnerId: string | null
    gemeentecodes: string[]
    scopes: string[]
    jwks: Json<{ keys: object[] }> | null
    ingetrokkenOp: Instant | null
  }
  clientGeheim: { clientId: string; id: string; hash: Buffer; aangemaaktOp: Instant }
  gebruikteAssertie: { clientId: string; assertieHash: Buffer; verlooptOp: Instant }
  adresregister: { postcode: string; gemeentecode: string }
  adresregisterLevering: { id: string; geladenOp: Instant; aantalPostcodes: number }
  vroegsignaal: {
    gemeentecode: string
    id: string
    signaalpartnerId: string
    referentieIndex: Buffer
    soort: Signaalsoort
    sector: Sector
    status: Signaalstatus
    signaaldatum: Day
    ontvangenOp: Instant
    ontvangstdatum: Day
    reactiedatum: Day
    sleuteldag: Day
    vernietigingsdatum: Day
    vernietigingsaanleiding: Aanleiding
    bedragInCenten: number
    jongere: boolean
    adresIndex: Buffer
    persoonIndex: Buffer
    bsnIndex: Buffer | null
    klantIndex: Buffer
    inhoudHash: Buffer
    herhalingVan: string | null
    inhoud: Buffer
  }
  afwijzingTelling: {
    gemeentecode: string
    signaalpartnerId: string
    dag: Day
    criterium: string
    aantal: number
  }
  aanlevering: {
    signaalpartnerId: string
    id: string
    ontvangenOp: Instant
    vernietigingsdatum: Day
    aantalRegels: number
    aantalOpgenomen: number
    aantalAfgewezen: number
    aantalOngewijzigd: number
    redenen: Json<{ code: string; aantal: number }[]>
  }
  aanleveringDeel: {
    signaalpartnerId: string
    aanleveringId: string
    vanRegel: number
    totEnMetRegel: number
    aantalAfgewezen: number
    aantalOpgenomen: number
    aantalOngewijzigd: number
    vernietigingsdatum: Day
    inhoud: Buffer
  }
  bezwaar: {
    gemeentecode: string
    id: string
    signaalpartnerId: string | null
    persoonIndex: Buffer
    einddatum: Day
  }
  huishouden: {
    gemeentecode: string
    id: string
    adresIndex: Buffer
    matchsoorten: ('enkelvoudig' | 'meervoudig' | 'opeenvolgend')[]
    crisis: boolean
    jongere: boolean
    vroegsignaalIds: string[]
    aantalSignalen: number
    aantalSignaalpartners: number
    sectoren: Sector[]
    totaalbedragInCenten: number
    eersteSignaalOp: Instant
    laatsteSignaalOp: Instant
    reactiedatum: Day
    opgepakt: number
    eersteVerval: Day
    laatsteVerval: Day
  }
  huishoudenMarkering: { gemeentecode: string; volgnummer: GeneratedAlways<number>; adresIndex: Buffer }
  vernietiging: {
    gemeentecode: string
    id: string
    volgnummer: number
    uitgevoerdOp: Instant
    aanleiding: Aanleiding
    aantalVroegsignalen: number
    aantalHuishoudens: number
    bewijs: string
  }
  jobRun: { job: string; slot: string; gestartOp: Instant; voltooidOp: Instant | null }
  verwerking: {
    gemeentecode: string
    id: string
    traceId: string
    activiteit: string
    clientId: string | null
    signaalpartnerId: string | null
    betrokkenePseudoniem: Buffer
    objectId: string
    op: Instant
  }
  idempotentie: {
    clientId: string
    sleutelHash: Buffer
    vingerafdruk: Buffer
    status: number
    gemeentecode: string | null
    resultaatId: string
    verlooptOp: Instant
  }
}
