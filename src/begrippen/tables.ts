import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Aanleiding } from './aanleiding.ts'
import type { Abonnementstatus, Bezorgfout, Bezorgstatus, Uitschakelreden } from './abonnement.ts'
import type { Registerbron, Registerkant } from './adresregister.ts'
import type { Betwistingsreactie, Betwistingsreden } from './betwistingsreden.ts'
import type { Contactsoort, Dagdeel } from './contactsoort.ts'
import type { Eindresultaat } from './eindresultaat.ts'
import type { Gebeurtenis } from './gebeurtenis.ts'
import type { Gebeurtenissoort, proefsoort } from './gebeurtenissoort.ts'
import type { Adresindicatiebron, Matchsoort } from './huishouden.ts'
import type { Ongeldigheidsreden } from './ongeldigheidsreden.ts'
import type { Aanmeldingstatus, Ingreep, MatchTelling, Signaalpartnerstatus } from './organisatie.ts'
import type { Rol } from './scopes.ts'
import type { Terugkoppelcode } from './terugkoppelcode.ts'
import type { Vernietigingsgrond } from './vernietigingsgrond.ts'
import type { Sector, Signaalsoort, Signaalstatus } from './vroegsignaal.ts'

type Day = ColumnType<string, string, string>
type Instant = ColumnType<Date, Date, Date>
type Ondertekening = { naam: string; functie: string; op: string }
type Json<Value> = JSONColumnType<Value & object>

/** The settings of a municipality. */
export type Instellingen = {
  bewaartermijnMaanden: number
  bewaartermijnVerwerkingenJaren: number
  drempelbedragenInCenten: Partial<Record<Sector, number>>
  matchTelling: MatchTelling
  geenHulpVernietigenNaDagen: number
  jongereTotEnMetLeeftijd: number
  reactietermijnDagen: number
}

/** Every table of the main database, as the migrations make it; a test compares the two. */
export type Tables = {
  gemeente: {
    gemeentecode: string
    naam: string
    oin: string | null
    instellingen: Json<Instellingen>
  }
  herindeling: {
    van: string
    naar: string
    datum: Day
    opvolger: string
    geplandOp: Instant
    uitgevoerdOp: Instant | null
  }
  signaalpartner: {
    id: string
    naam: string
    sectoren: Sector[]
    kvkNummer: string | null
    oin: string | null
    status: Signaalpartnerstatus
  }
  overeenkomst: {
    gemeentecode: string
    id: string
    signaalpartnerId: string
    sectoren: Sector[]
    convenantversie: string
    ingangsdatum: Day
    einddatum: Day | null
    ingreep: Ingreep | null
    ondertekeningSignaalpartner: Json<Ondertekening> | null
    ondertekeningGemeente: Json<Ondertekening> | null
  }
  client: {
    id: string
    clientId: string
    naam: string
    rol: Rol
    signaalpartnerId: string | null
    gemeentecodes: string[]
    scopes: string[]
    jwks: Json<{ keys: object[] }> | null
    uitgever: string | null
    aangemaaktOp: Instant
    laatstGebruiktOp: Instant | null
    einddatum: Day | null
    toegepasteGeheimen: ColumnType<Buffer[], Buffer[] | undefined, Buffer[]>
    ingetrokkenOp: Instant | null
  }
  aanmelding: {
    id: string
    ontvangenOp: Instant
    status: Aanmeldingstatus
    vernietigingsdatum: Day
    verzoekHash: Buffer | null
    inhoud: Buffer
  }
  clientGeheim: { clientId: string; id: string; hash: Buffer; aangemaaktOp: Instant }
  dagverbruik: { clientId: string; dag: Day; zoekvragen: number }
  gebruikteAssertie: { clientId: string; assertieHash: Buffer; verlooptOp: Instant }
  adresregisterA: {
    postcode: string
    huisnummer: number
    aanduiding: string
    nummeraanduiding: string
    gemeentecode: string
  }
  adresregisterB: {
    postcode: string
    huisnummer: number
    aanduiding: string
    nummeraanduiding: string
    gemeentecode: string
  }
  adresregisterPostcodeA: { postcode: string; gemeentecode: string }
  adresregisterPostcodeB: { postcode: string; gemeentecode: string }
  adresregisterStand: { enig: boolean; kant: Registerkant | null; versie: number; regels: number }
  adresregisterLevering: {
    id: string
    bron: Registerbron | null
    kant: Registerkant
    begonnenOp: Instant
    laatsteTekenOp: Instant
    geladenOp: Instant | null
    afgebrokenOp: Instant | null
    aantalRegels: Generated<number>
    aantalOvergeslagen: Generated<number>
    aantalAdressen: Generated<number>
    aantalPostcodes: Generated<number>
    aantalGemeenten: Generated<number>
    onbekendeGemeenten: Generated<string[]>
  }
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
    geplandeDatum: Day | null
    sleuteldag: Day
    vernietigingsdatum: Day
    vernietigingsaanleiding: Vernietigingsgrond
    bedragInCenten: number
    jongere: boolean
    adresIndex: Buffer
    adresversie: number
    adresBekend: boolean | null
    persoonIndex: Buffer
    bsnIndex: Buffer | null
    klantIndex: Buffer
    inhoudHash: Buffer
    herhalingVan: string | null
    inhoud: Buffer
    beoordeling: Buffer | null
    beperkt: boolean
    afgerond: boolean
    doorgezondenVan: string | null
  }
  afwijzingTelling: {
    gemeentecode: string
    signaalpartnerId: string
    dag: Day
    sector: Sector
    criterium: string
    aantal: number
  }
  monitorTelling: {
    gemeentecode: string
    maand: Day
    sector: Sector | ''
    signalen: number
    huishoudens: number
    enkelvoudig: number
    meervoudig: number
    opeenvolgend: number
    opgepakt: number
    bereikt: number
    hulpAanvaard: number
  }
  maandspoor: {
    gemeentecode: string
    vroegsignaalId: string
    meervoudig: boolean
    opeenvolgend: boolean
    opgepakt: boolean
    bereikt: boolean
    hulpAanvaard: boolean
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
    huisnummerIndex: Buffer | null
    adresIndexen: Buffer[]
    naamIndexen: Buffer[]
    bsnIndex: Buffer | null
    geboortedatumIndex: Buffer | null
    voorletterIndex: Buffer | null
    viaSignaalpartner: boolean
    einddatum: Day
  }
  huishouden: {
    gemeentecode: string
    id: string
    adresIndex: Buffer
    matchsoorten: Matchsoort[]
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
    geplandeDatum: Day | null
    urgentie: number
    opgepakt: number
    eersteVerval: Day
    laatsteVerval: Day
    volgnummer: Generated<number>
    openReactiedatum: Day | null
    adresindicatieBron: Adresindicatiebron | null
    adresindicatieDatum: Day | null
    adresBekend: boolean | null
  }
  huishoudenMarkering: { gemeentecode: string; volgnummer: GeneratedAlways<number>; adresIndex: Buffer }
  huishoudenVervallen: { gemeentecode: string; id: string; volgnummer: Generated<number>; vervaldatum: Day }
  huishoudenVergeten: { gemeentecode: string; totEnMetVolgnummer: number }
  vroegsignaalzaak: {
    gemeentecode: string
    id: string
    huishoudenId: string
    adresIndex: Buffer
    datumOpgepakt: Day
    resultaat: Eindresultaat | null
    resultaatdatum: Day | null
    afgeslotenOp: Instant | null
    vernietigingsdatum: Day
    samengevoegd: Generated<boolean>
  }
  zaakVroegsignaal: {
    gemeentecode: string
    zaakId: string
    vroegsignaalId: string
    buitenResultaat: Generated<boolean>
  }
  contactpoging: {
    gemeentecode: string
    zaakId: string
    id: string
    soort: Contactsoort
    datum: Day
    dagdeel: Dagdeel | null
    bereikt: boolean
    wenstGeenContact: boolean
    toestemmingsdatum: Day | null
  }
  terugkoppeling: {
    gemeentecode: string
    id: string
    signaalpartnerId: string
    volgnummer: number
    vroegsignaalId: string
    code: Terugkoppelcode
    op: Instant
    incassopauzeTotEnMet: Day | null
    betrokkenePseudoniem: Buffer
    vernietigingsdatum: Day
    inhoud: Buffer
  }
  terugkoppelingStand: { signaalpartnerId: string; laatste: number }
  gemeldSignaal: {
    gemeentecode: string
    id: string
    signaalpartnerId: string
    referentieIndex: Buffer
    klantIndex: Buffer
    soort: Signaalsoort
    sector: Sector
    signaaldatum: Day
    ontvangenOp: Instant
    bedragInCenten: number
    betrokkenePseudoniem: Buffer
    vernietigingsdatum: Day
    inhoud: Buffer
  }
  ongeldigMeldbewijs: { signaalHash: Buffer; reden: Ongeldigheidsreden }
  betwisting: {
    gemeentecode: string
    id: string
    vroegsignaalId: string
    signaalpartnerId: string
    reden: Betwistingsreden
    reactie: Betwistingsreactie | null
    betrokkenePseudoniem: Buffer
    ingediendOp: Instant
    beantwoordOp: Instant | null
    sleuteldag: Day
    vernietigingsdatum: Day
    inhoud: Buffer
  }
  signaalpartnerTelling: {
    gemeentecode: string
    signaalpartnerId: string
    dag: Day
    gebeurtenis: Gebeurtenis
    sector: Sector | ''
    kenmerk: string
    aantal: number
  }
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
  beperking: {
    gemeentecode: string
    id: string
    vroegsignaalIds: string[]
    vastgelegdOp: Instant
    einddatum: Day | null
    vervaldatum: Day
  }
  bekendeSleutel: { doel: string; vingerafdruk: Buffer }
  bekendeDagsleutel: { dag: Day; id: string }
  vervroegdStand: { enige: Generated<boolean>; volgnummer: number }
  jobRun: { job: string; slot: string; gestartOp: Instant; voltooidOp: Instant | null }
  verwerkingsblad: {
    gemeentecode: string
    id: string
    traceId: string
    activiteit: string
    clientId: string | null
    signaalpartnerId: string | null
    betrokkenePseudoniemen: Buffer[]
    objectIds: string[]
    op: Instant
    gebruiker: string | null
  }
  verwerkingszegel: {
    gemeentecode: string
    volgnummer: number
    van: Day
    dag: Day
    aantalBladen: number
    bladenHash: string
    bewijs: string
  }
  beheerhandeling: {
    id: string
    op: Instant
    traceId: string
    clientId: string | null
    gebruiker: string | null
    handeling: string
    objectIds: string[]
    velden: string[]
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
  abonnementWens: { gemeentecode: string; soort: Gebeurtenissoort; abonnementId: string }
  gebeurtenis: {
    gemeentecode: string
    id: Generated<string>
    soort: Gebeurtenissoort | typeof proefsoort
    op: ColumnType<Date, Date | undefined, Date>
    dag: ColumnType<string, string | undefined, string>
    vroegsignaalId: string | null
    huishoudenId: string | null
    betwistingId: string | null
    vernietigingId: string | null
    verspreid: Generated<boolean>
  }
  abonnement: {
    id: string
    clientId: string
    gemeentecodes: string[]
    url: string
    soorten: Gebeurtenissoort[]
    status: Abonnementstatus
    reden: Uitschakelreden | null
    uitgeschakeldOp: Instant | null
    aangemaaktOp: Instant
    misluktSinds: Instant | null
  }
  abonnementGeheim: { abonnementId: string; id: string; aangemaaktOp: Instant }
  bezorging: {
    gemeentecode: string
    id: Generated<string>
    abonnementId: string
    gebeurtenisId: string
    status: Generated<Bezorgstatus>
    aantalPogingen: Generated<number>
    volgendePogingOp: Instant
    opgevenNa: Instant
    laatstePogingOp: Instant | null
    httpStatus: number | null
    fout: Bezorgfout | null
  }
}
