import type { Bewaartermijnnaam } from '../begrippen/bewaartermijnen.ts'

/** What a column holds. Everything from `persoonsgegeven-versleuteld` to `blinde-index` is somebody's until it is destroyed. */
export const gegevensklassen = {
  'persoonsgegeven-versleuteld':
    'about a resident, or a contact person, encrypted under the data key of its day of destruction',
  'persoonsgegeven-kenmerk': 'a fact about a signal or household: a kind, a day, an amount, a status',
  'blinde-index': 'a keyed hash of a person, address, customer or reference, to find it by equality',
  pseudoniem: 'a keyed hash of a person under a key of its own, which no other column can be compared with',
  medewerker: 'the pseudonym of an employee, as the system of the municipality sends it',
  ondertekenaar: 'name and function of whoever signed for an organisation',
  verwijzing: 'a random id, which says nothing once the row it points to is gone',
  organisatie: 'about a municipality or partner, or what they agreed',
  openbaar: 'public data of the address register',
  sleutel: 'a key, wrapped by the KEK',
  hash: 'a hash of a secret, a request, a key or a random id; of no person',
  telling: 'a count',
  mechaniek: 'what the machinery needs: instants, slots, sequence numbers'
} as const
export type Gegevensklasse = keyof typeof gegevensklassen

/** Called by name: first of all the data keys; then, in each batch, the signals and the households that its record counts. */
export type CoreHandler = 'dagsleutels' | 'vroegsignalen' | 'huishoudens'
/** Called for every batch of signals, in the transaction that destroys them. */
export type SignaalHandler =
  | 'zaken'
  | 'betwistingen'
  | 'terugkoppelingen'
  | 'gemeldeSignalen'
  | 'antwoorden'
  | 'maandsporen'
  | 'gebeurtenissen'
/** Called for municipalities where that is due, after all signals. */
export type GemeenteHandler =
  | 'verlopenBezwaren'
  | 'verlopenBeperkingen'
  | 'verlopenTerugkoppelingen'
  | 'verlopenGemeldeSignalen'
  | 'verlatenHuishoudens'
  | 'vervallenHuishoudens'
  | 'verlopenGebeurtenissen'
/** Called last, where that is due, for what belongs to no municipality or to all. */
export type HubHandler =
  | 'verlopenAanleveringen'
  | 'verlopenAntwoorden'
  | 'verlopenAanmeldingen'
  | 'verlopenAsserties'
  | 'verlopenDagverbruik'
  | 'verlopenVerwerkingen'
  | 'verlopenBeheerhandelingen'
/** What the sweep calls to destroy rows; `handlers.ts` has a function for each. */
export type Handlernaam = CoreHandler | SignaalHandler | GemeenteHandler | HubHandler

/** When a row goes. */
export type Vernietigingsmoment =
  /** When this term is over; what was derived from a signal may go sooner, with the signal. */
  | Bewaartermijnnaam
  /** In the transaction that destroys the last signal that the row was derived from. */
  | 'met-signaal'
  /** On a day that the row itself names and no term sets. */
  | 'eigen-datum'

/** What destroys the rows of a table. No column goes at another moment than its row. */
export type Tabelkaart = {
  readonly kolommen: { readonly [klasse in Gegevensklasse]?: readonly string[] }
} & (
  | {
      readonly vernietiging: Vernietigingsmoment
      readonly handlers: readonly [Handlernaam, ...Handlernaam[]]
    }
  /** The matcher consumes its rows within a second; what stays says why. */
  | { readonly vernietiging: 'matcher' | { readonly blijft: string } }
)

const openbaarRegister = { blijft: 'public, and emptied by the load that fills this side of the register' }
const deelnemer = { blijft: 'about who takes part, not about residents' }

/**
 * The data map (AVG art. 5 and 30): every column of both databases, what it holds and what destroys it. A test
 * compares it with the schema and with what a sweep leaves behind, so a column that nobody thought about fails. The sweep
 * has exactly the handlers that are named here.
 */
export const dataMap: Readonly<Record<'hub' | 'sleutels', Readonly<Record<string, Tabelkaart>>>> = {
  hub: {
    vroegsignaal: {
      vernietiging: 'vroegsignaal',
      handlers: ['vroegsignalen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud', 'beoordeling'],
        'persoonsgegeven-kenmerk': [
          'soort',
          'sector',
          'status',
          'signaaldatum',
          'ontvangen_op',
          'ontvangstdatum',
          'reactiedatum',
          'geplande_datum',
          'bedrag_in_centen',
          'jongere',
          'afgerond',
          'adres_bekend',
          'beperkt'
        ],
        'blinde-index': [
          'referentie_index',
          'adres_index',
          'persoon_index',
          'bsn_index',
          'klant_index',
          'inhoud_hash'
        ],
        verwijzing: ['id', 'herhaling_van'],
        organisatie: ['gemeentecode', 'signaalpartner_id', 'doorgezonden_van'],
        mechaniek: ['adresversie', 'sleuteldag', 'vernietigingsdatum', 'vernietigingsaanleiding']
      }
    },
    huishouden: {
      vernietiging: 'met-signaal',
      handlers: ['huishoudens', 'verlatenHuishoudens'],
      kolommen: {
        'persoonsgegeven-kenmerk': [
          'matchsoorten',
          'crisis',
          'jongere',
          'vroegsignaal_ids',
          'aantal_signalen',
          'aantal_signaalpartners',
          'sectoren',
          'totaalbedrag_in_centen',
          'eerste_signaal_op',
          'laatste_signaal_op',
          'reactiedatum',
          'open_reactiedatum',
          'geplande_datum',
          'urgentie',
          'opgepakt',
          'adresindicatie_bron',
          'adresindicatie_datum',
          'adres_bekend'
        ],
        'blinde-index': ['adres_index'],
        verwijzing: ['id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['eerste_verval', 'laatste_verval', 'volgnummer']
      }
    },
    huishouden_vervallen: {
      vernietiging: 'vervallenHuishouden',
      handlers: ['vervallenHuishoudens'],
      kolommen: {
        verwijzing: ['id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['volgnummer', 'vervaldatum']
      }
    },
    huishouden_vergeten: {
      vernietiging: { blijft: 'says from where a follower must begin anew' },
      kolommen: { organisatie: ['gemeentecode'], mechaniek: ['tot_en_met_volgnummer'] }
    },
    vroegsignaalzaak: {
      vernietiging: 'met-signaal',
      handlers: ['zaken'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['datum_opgepakt', 'resultaat', 'resultaatdatum', 'afgesloten_op'],
        'blinde-index': ['adres_index'],
        verwijzing: ['id', 'huishouden_id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['vernietigingsdatum', 'samengevoegd']
      }
    },
    zaak_vroegsignaal: {
      vernietiging: 'met-signaal',
      handlers: ['zaken'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['buiten_resultaat'],
        verwijzing: ['zaak_id', 'vroegsignaal_id'],
        organisatie: ['gemeentecode']
      }
    },
    contactpoging: {
      vernietiging: 'met-signaal',
      handlers: ['zaken'],
      kolommen: {
        'persoonsgegeven-kenmerk': [
          'soort',
          'datum',
          'dagdeel',
          'bereikt',
          'wenst_geen_contact',
          'toestemmingsdatum'
        ],
        verwijzing: ['zaak_id', 'id'],
        organisatie: ['gemeentecode']
      }
    },
    betwisting: {
      vernietiging: 'met-signaal',
      handlers: ['betwistingen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud'],
        'persoonsgegeven-kenmerk': ['reden', 'reactie', 'ingediend_op', 'beantwoord_op'],
        pseudoniem: ['betrokkene_pseudoniem'],
        verwijzing: ['id', 'vroegsignaal_id'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['sleuteldag', 'vernietigingsdatum']
      }
    },
    terugkoppeling: {
      vernietiging: 'vroegsignaal',
      handlers: ['terugkoppelingen', 'verlopenTerugkoppelingen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud'],
        'persoonsgegeven-kenmerk': ['code', 'op', 'incassopauze_tot_en_met'],
        pseudoniem: ['betrokkene_pseudoniem'],
        verwijzing: ['id', 'vroegsignaal_id'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['volgnummer', 'vernietigingsdatum']
      }
    },
    terugkoppeling_stand: {
      vernietiging: { blijft: 'the last number of each partner’s feed' },
      kolommen: { organisatie: ['signaalpartner_id'], mechaniek: ['laatste'] }
    },
    gemeld_signaal: {
      vernietiging: 'vroegsignaal',
      handlers: ['gemeldeSignalen', 'verlopenGemeldeSignalen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud'],
        'persoonsgegeven-kenmerk': ['soort', 'sector', 'signaaldatum', 'ontvangen_op', 'bedrag_in_centen'],
        'blinde-index': ['referentie_index', 'klant_index'],
        pseudoniem: ['betrokkene_pseudoniem'],
        verwijzing: ['id'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['vernietigingsdatum']
      }
    },
    ongeldig_meldbewijs: {
      vernietiging: { blijft: 'a receipt can be shown for ever; says of none whose it is' },
      kolommen: { hash: ['signaal_hash'], mechaniek: ['reden'] }
    },
    huishouden_markering: {
      vernietiging: 'matcher',
      kolommen: { 'blinde-index': ['adres_index'], organisatie: ['gemeentecode'], mechaniek: ['volgnummer'] }
    },
    idempotentie: {
      vernietiging: 'idempotentie',
      handlers: ['antwoorden', 'verlopenGemeldeSignalen', 'verlopenAntwoorden'],
      kolommen: {
        hash: ['sleutel_hash', 'vingerafdruk'],
        verwijzing: ['client_id', 'resultaat_id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['status', 'verloopt_op']
      }
    },
    aanlevering: {
      vernietiging: 'aanlevering',
      handlers: ['verlopenAanleveringen'],
      kolommen: {
        telling: ['aantal_regels', 'aantal_opgenomen', 'aantal_afgewezen', 'aantal_ongewijzigd', 'redenen'],
        verwijzing: ['id'],
        organisatie: ['signaalpartner_id'],
        mechaniek: ['ontvangen_op', 'vernietigingsdatum']
      }
    },
    aanlevering_deel: {
      vernietiging: 'aanlevering',
      handlers: ['verlopenAanleveringen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud'],
        telling: ['aantal_opgenomen', 'aantal_afgewezen', 'aantal_ongewijzigd'],
        verwijzing: ['aanlevering_id'],
        organisatie: ['signaalpartner_id'],
        mechaniek: ['van_regel', 'tot_en_met_regel', 'vernietigingsdatum']
      }
    },
    bezwaar: {
      vernietiging: 'bezwaar',
      handlers: ['verlopenBezwaren'],
      kolommen: {
        'blinde-index': [
          'huisnummer_index',
          'adres_indexen',
          'naam_indexen',
          'bsn_index',
          'geboortedatum_index',
          'voorletter_index'
        ],
        verwijzing: ['id'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['via_signaalpartner', 'einddatum']
      }
    },
    beperking: {
      vernietiging: 'eigen-datum',
      handlers: ['verlopenBeperkingen'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['einddatum'],
        verwijzing: ['id', 'vroegsignaal_ids'],
        organisatie: ['gemeentecode'],
        mechaniek: ['vastgelegd_op', 'vervaldatum']
      }
    },
    verwerkingsblad: {
      vernietiging: 'verwerking',
      handlers: ['verlopenVerwerkingen'],
      kolommen: {
        pseudoniem: ['betrokkene_pseudoniemen'],
        medewerker: ['gebruiker'],
        verwijzing: ['id', 'client_id', 'object_ids'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['trace_id', 'activiteit', 'op']
      }
    },
    verwerkingszegel: {
      vernietiging: {
        blijft: 'the seals of the processing log; a count and a hash of each day, of no person'
      },
      kolommen: {
        telling: ['aantal_bladen'],
        organisatie: ['gemeentecode'],
        mechaniek: ['volgnummer', 'van', 'dag', 'bladen_hash', 'bewijs']
      }
    },
    beheerhandeling: {
      vernietiging: 'beheerhandeling',
      handlers: ['verlopenBeheerhandelingen'],
      kolommen: {
        medewerker: ['gebruiker'],
        verwijzing: ['id', 'client_id', 'object_ids'],
        mechaniek: ['op', 'trace_id', 'handeling', 'velden']
      }
    },
    vernietiging: {
      vernietiging: { blijft: 'the proof of destruction; says how much and why, never about whom' },
      kolommen: {
        telling: ['aantal_vroegsignalen', 'aantal_huishoudens'],
        verwijzing: ['id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['volgnummer', 'uitgevoerd_op', 'aanleiding', 'bewijs']
      }
    },
    afwijzing_telling: {
      vernietiging: { blijft: 'counts for the monitor, all that a refused signal leaves behind' },
      kolommen: {
        telling: ['aantal'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['dag', 'sector', 'criterium']
      }
    },
    signaalpartner_telling: {
      vernietiging: { blijft: 'counts for the monitor and the dossier about careless signals' },
      kolommen: {
        telling: ['aantal'],
        organisatie: ['gemeentecode', 'signaalpartner_id'],
        mechaniek: ['dag', 'gebeurtenis', 'sector', 'kenmerk']
      }
    },
    monitor_telling: {
      vernietiging: { blijft: 'counts for the monitor, which outlive the signals' },
      kolommen: {
        telling: [
          'signalen',
          'huishoudens',
          'enkelvoudig',
          'meervoudig',
          'opeenvolgend',
          'opgepakt',
          'bereikt',
          'hulp_aanvaard'
        ],
        organisatie: ['gemeentecode'],
        mechaniek: ['maand', 'sector']
      }
    },
    maandspoor: {
      vernietiging: 'met-signaal',
      handlers: ['maandsporen'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['meervoudig', 'opeenvolgend', 'opgepakt', 'bereikt', 'hulp_aanvaard'],
        verwijzing: ['vroegsignaal_id'],
        organisatie: ['gemeentecode']
      }
    },
    gebeurtenis: {
      vernietiging: 'gebeurtenis',
      handlers: ['gebeurtenissen', 'huishoudens', 'verlatenHuishoudens', 'verlopenGebeurtenissen'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['soort', 'op'],
        verwijzing: ['id', 'vroegsignaal_id', 'huishouden_id', 'betwisting_id', 'vernietiging_id'],
        organisatie: ['gemeentecode'],
        mechaniek: ['dag', 'verspreid']
      }
    },
    bezorging: {
      vernietiging: 'gebeurtenis',
      handlers: ['gebeurtenissen', 'huishoudens', 'verlatenHuishoudens', 'verlopenGebeurtenissen'],
      kolommen: {
        verwijzing: ['id', 'abonnement_id', 'gebeurtenis_id'],
        organisatie: ['gemeentecode'],
        mechaniek: [
          'status',
          'aantal_pogingen',
          'volgende_poging_op',
          'opgeven_na',
          'laatste_poging_op',
          'http_status',
          'fout'
        ]
      }
    },
    abonnement_wens: {
      vernietiging: deelnemer,
      kolommen: { verwijzing: ['abonnement_id'], organisatie: ['gemeentecode', 'soort'] }
    },
    abonnement: {
      vernietiging: deelnemer,
      kolommen: {
        verwijzing: ['id', 'client_id'],
        organisatie: ['gemeentecodes', 'url', 'soorten'],
        mechaniek: ['status', 'reden', 'uitgeschakeld_op', 'aangemaakt_op', 'mislukt_sinds']
      }
    },
    abonnement_geheim: {
      vernietiging: deelnemer,
      kolommen: { verwijzing: ['abonnement_id', 'id'], mechaniek: ['aangemaakt_op'] }
    },
    gemeente: {
      vernietiging: deelnemer,
      kolommen: { organisatie: ['gemeentecode', 'naam', 'oin', 'instellingen'] }
    },
    herindeling: {
      vernietiging: { blijft: 'says whose logs and proofs stay under a code that is no more' },
      kolommen: {
        organisatie: ['van', 'naar', 'opvolger'],
        mechaniek: ['datum', 'gepland_op', 'uitgevoerd_op']
      }
    },
    signaalpartner: {
      vernietiging: deelnemer,
      kolommen: { organisatie: ['id', 'naam', 'sectoren', 'kvk_nummer', 'oin', 'status'] }
    },
    overeenkomst: {
      vernietiging: {
        blijft: 'an agreement stays provable, and so do those who signed it for their organisation'
      },
      kolommen: {
        ondertekenaar: ['ondertekening_signaalpartner', 'ondertekening_gemeente'],
        organisatie: [
          'gemeentecode',
          'id',
          'signaalpartner_id',
          'sectoren',
          'convenantversie',
          'ingangsdatum',
          'einddatum',
          'ingreep'
        ]
      }
    },
    client: {
      vernietiging: deelnemer,
      kolommen: {
        organisatie: ['id', 'client_id', 'naam', 'rol', 'signaalpartner_id', 'gemeentecodes', 'scopes'],
        hash: ['toegepaste_geheimen'],
        mechaniek: ['jwks', 'uitgever', 'ingetrokken_op', 'aangemaakt_op', 'laatst_gebruikt_op', 'einddatum']
      }
    },
    client_geheim: {
      vernietiging: deelnemer,
      kolommen: { hash: ['hash'], verwijzing: ['client_id', 'id'], mechaniek: ['aangemaakt_op'] }
    },
    aanmelding: {
      vernietiging: 'aanmelding',
      handlers: ['verlopenAanmeldingen'],
      kolommen: {
        'persoonsgegeven-versleuteld': ['inhoud'],
        hash: ['verzoek_hash'],
        verwijzing: ['id'],
        mechaniek: ['ontvangen_op', 'status', 'vernietigingsdatum']
      }
    },
    dagverbruik: {
      vernietiging: 'dagverbruik',
      handlers: ['verlopenDagverbruik'],
      kolommen: { verwijzing: ['client_id'], mechaniek: ['dag', 'zoekvragen'] }
    },
    gebruikte_assertie: {
      vernietiging: 'gebruikteAssertie',
      handlers: ['verlopenAsserties'],
      kolommen: { hash: ['assertie_hash'], verwijzing: ['client_id'], mechaniek: ['verloopt_op'] }
    },
    adresregister_a: {
      vernietiging: openbaarRegister,
      kolommen: { openbaar: ['postcode', 'huisnummer', 'aanduiding', 'nummeraanduiding', 'gemeentecode'] }
    },
    adresregister_b: {
      vernietiging: openbaarRegister,
      kolommen: { openbaar: ['postcode', 'huisnummer', 'aanduiding', 'nummeraanduiding', 'gemeentecode'] }
    },
    adresregister_postcode_a: {
      vernietiging: openbaarRegister,
      kolommen: { openbaar: ['postcode', 'gemeentecode'] }
    },
    adresregister_postcode_b: {
      vernietiging: openbaarRegister,
      kolommen: { openbaar: ['postcode', 'gemeentecode'] }
    },
    adresregister_stand: {
      vernietiging: { blijft: 'says which side of the register is in use' },
      kolommen: { mechaniek: ['enig', 'kant', 'versie', 'regels'] }
    },
    adresregister_levering: {
      vernietiging: { blijft: 'says which register was in use when' },
      kolommen: {
        openbaar: ['bron', 'onbekende_gemeenten'],
        telling: [
          'aantal_regels',
          'aantal_overgeslagen',
          'aantal_adressen',
          'aantal_postcodes',
          'aantal_gemeenten'
        ],
        mechaniek: ['id', 'kant', 'begonnen_op', 'laatste_teken_op', 'geladen_op', 'afgebroken_op']
      }
    },
    bekende_sleutel: {
      vernietiging: { blijft: 'fingerprints of the standing keys of the hub' },
      kolommen: { hash: ['vingerafdruk'], mechaniek: ['doel'] }
    },
    bekende_dagsleutel: {
      vernietiging: 'eigen-datum',
      handlers: ['dagsleutels'],
      kolommen: { verwijzing: ['id'], mechaniek: ['dag'] }
    },
    vervroegd_stand: {
      vernietiging: { blijft: 'one number' },
      kolommen: { mechaniek: ['enige', 'volgnummer'] }
    },
    job_run: {
      vernietiging: { blijft: 'says which wake-ups were taken' },
      kolommen: { mechaniek: ['job', 'slot', 'gestart_op', 'voltooid_op'] }
    }
  },
  sleutels: {
    klok: {
      vernietiging: { blijft: 'one instant: until when the hub ran' },
      kolommen: { mechaniek: ['enige', 'gelopen_tot'] }
    },
    sleutel: {
      vernietiging: { blijft: 'the standing keys of the hub' },
      kolommen: { sleutel: ['gewikkeld'], mechaniek: ['doel', 'aangemaakt_op'] }
    },
    dagsleutel: {
      vernietiging: 'eigen-datum',
      handlers: ['dagsleutels'],
      kolommen: { sleutel: ['gewikkeld'], verwijzing: ['id'], mechaniek: ['dag'] }
    },
    vervroegde_vernietiging: {
      vernietiging: 'eigen-datum',
      handlers: ['dagsleutels'],
      kolommen: {
        'persoonsgegeven-kenmerk': ['grond'],
        verwijzing: ['vroegsignaal_id'],
        mechaniek: ['volgnummer', 'sleuteldag', 'vernietigd_op']
      }
    },
    vernietigde_dagsleutel: {
      vernietiging: { blijft: 'the proofs of destruction name the keys that are gone' },
      kolommen: { verwijzing: ['id'], mechaniek: ['dag', 'vernietigd_op'] }
    }
  }
}
