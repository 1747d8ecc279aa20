/** What each duty may do with each table, as the catalogue says it, and why: per command the columns, where not all, and the policies. */
export const rechten: Readonly<
  Record<string, Readonly<Record<string, readonly [may: string, because: string]>>>
> = {
  afhandelaar: {
    adresregister_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_stand: ['select', 'which side of the register is in use'],
    beperking: ['select by afhandelaar', 'shows a signal again only when no other restriction holds it'],
    betwisting: [
      'select by afhandelaar_zien; update (vernietigingsdatum) by afhandelaar_met_signaal',
      'shown to a resident who asks; hidden with its signal'
    ],
    bezwaar: [
      'select by afhandelaar',
      'shown to a resident who asks, and what a rectified signal is weighed against'
    ],
    gemeld_signaal: [
      'select (gemeentecode, id) by afhandelaar_zien; delete by afhandelaar_herroepen',
      'goes when a result is recalled or the partner withdraws'
    ],
    huishouden_markering: ['insert by markeren', 'the address of what was condemned'],
    terugkoppeling: [
      'select (gemeentecode, id, signaalpartner_id, vroegsignaal_id, code, op, incassopauze_tot_en_met) by afhandelaar_zien; delete by afhandelaar_ingetrokken',
      'shown to a resident who asks; goes when the partner withdraws what was over for it'
    ],
    vroegsignaal: [
      'select by afhandelaar_eigen; update (status, vernietigingsdatum, vernietigingsaanleiding, jongere, adres_index, adresversie, adres_bekend, persoon_index, bsn_index, inhoud, beperkt) by afhandelaar_vervroegen',
      'what a municipality decides beyond its lists: hidden, condemned, rectified, never deleted'
    ],
    vroegsignaalzaak: [
      'select (gemeentecode, id, resultaat, vernietigingsdatum) by zien; update (vernietigingsdatum) by vervroegen; delete by met_laatste_signaal',
      'hidden no later than its last signal, and gone with it'
    ],
    zaak_vroegsignaal: ['select by zien', 'which cases hold a signal']
  },
  beheer: {
    aanmelding: ['select by beheer; update (status, inhoud) by beheer', 'decides about who applies'],
    abonnement: [
      'select (id, client_id, gemeentecodes, soorten, status, reden, uitgeschakeld_op) by beheer; update (gemeentecodes, status, reden, uitgeschakeld_op) by beheer',
      'subscriptions follow their client'
    ],
    abonnement_wens: [
      'select by beheer; insert by beheer; delete by beheer',
      'subscriptions follow their client'
    ],
    adresregister_a: ['select; insert; truncate', 'loads the register'],
    adresregister_b: ['select; insert; truncate', 'loads the register'],
    adresregister_levering: ['select; insert; update; delete', 'loads the register'],
    adresregister_postcode_a: ['select; insert; truncate', 'loads the register'],
    adresregister_postcode_b: ['select; insert; truncate', 'loads the register'],
    adresregister_stand: ['select; update', 'switches to the side that was loaded'],
    afwijzing_telling: ['select by beheer', 'the monitor'],
    beheerhandeling: ['select by beheer_lezen; insert by eigen', 'adds what it did; reads who did what'],
    bezorging: [
      'select (gemeentecode, abonnement_id, status) by beheer; delete by beheer',
      'drops what waits for a client without access'
    ],
    client: ['select by beheer; insert by beheer; update by beheer', 'hands these out'],
    client_geheim: ['select by beheer; insert by beheer; delete by beheer', 'hands these out; a keyed hash'],
    gemeente: ['select by beheer; insert by beheer; update by beheer', 'keeps these'],
    herindeling: ['select by lezen; insert by plannen; delete by intrekken', 'plans these until the day'],
    idempotentie: ['select by eigen; insert by eigen; update by eigen', 'its own requests'],
    overeenkomst: ['select by beheer; insert by beheer; update by beheer', 'keeps these'],
    signaalpartner: ['select by beheer; insert by beheer; update by beheer', 'keeps these'],
    signaalpartner_telling: ['select by beheer', 'the monitor'],
    vernietiging: ['select by beheer_lezen', 'proof without personal data']
  },
  bezorger: {
    abonnement: [
      'select by bezorger; update (status, reden, uitgeschakeld_op, mislukt_sinds) by bezorger',
      'where to deliver; switches off what cannot be reached'
    ],
    abonnement_geheim: ['select by bezorger', 'what a delivery is signed with; ids, no secret'],
    abonnement_wens: [
      'select by bezorger; delete by bezorger',
      'who wants to hear; forgets those that were switched off'
    ],
    bezorging: [
      'select by bezorger_vinden; insert by bezorger_maken; update (status, aantal_pogingen, volgende_poging_op, laatste_poging_op, http_status, fout) by bezorger_bijhouden; delete by bezorger_laten',
      'each attempt'
    ],
    client: [
      'select (id, gemeentecodes, scopes, ingetrokken_op) by bezorger',
      'whether it may still be told'
    ],
    gebeurtenis: [
      'select by bezorger_vinden; update (verspreid) by bezorger_verspreiden',
      'what is to be told; marks it as spread'
    ],
    huishouden: [
      'select (gemeentecode, id, vroegsignaal_ids, laatste_verval) by bezorger_zichtbaar',
      'whether the municipality still sees it'
    ],
    vroegsignaal: [
      'select (gemeentecode, id, status, vernietigingsdatum, beperkt) by bezorger_zichtbaar',
      'whether the municipality still sees it'
    ]
  },
  doorzender: {
    abonnement_wens: [
      'select (gemeentecode, soort) by gewenst_in_gemeente',
      'whether anybody wants to hear of it there'
    ],
    adresregister_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_stand: ['select', 'which side of the register is in use'],
    betwisting: [
      'select (gemeentecode, vroegsignaal_id) by doorzender_zien; delete by doorzender_met_signaal',
      'ends where the signal left'
    ],
    bezwaar: ['select by doorzender', 'whether the resident objected where it goes'],
    gebeurtenis: [
      'select (gemeentecode, vroegsignaal_id) by doorzender_zien; insert by doorzender_erheen; delete by doorzender_weg',
      'told where it comes, forgotten where it left'
    ],
    gemeld_signaal: [
      'select (gemeentecode, id) by doorzender_zien; update (gemeentecode) by doorzender_verhuizen',
      'moves with its signal'
    ],
    huishouden_markering: ['insert by markeren', 'both addresses'],
    maandspoor: [
      'select (gemeentecode, vroegsignaal_id) by doorzender_zien; delete by doorzender_met_signaal',
      'goes where the signal left'
    ],
    overeenkomst: ['select by doorzender', 'whether its partner may signal where it goes'],
    terugkoppeling: [
      'select (gemeentecode, vroegsignaal_id) by doorzender_zien; update (gemeentecode) by doorzender_verhuizen',
      'moves with its signal'
    ],
    verwerkingsblad: ['insert by doorzender', 'a move is logged in both'],
    vroegsignaal: [
      'select (gemeentecode, id, signaalpartner_id, sector, signaaldatum, vernietigingsdatum, vernietigingsaanleiding, doorgezonden_van) by doorzender_zien; update (gemeentecode, status, vernietigingsaanleiding, inhoud, beoordeling, afgerond, doorgezonden_van) by doorzender_verhuizen',
      'from the first municipality of the context to the second, and nothing else'
    ],
    vroegsignaalzaak: [
      'select (gemeentecode, id, vernietigingsdatum) by doorzender_zien; update (vernietigingsdatum) by doorzender_vervroegen; delete by doorzender_met_laatste_signaal',
      'loses the signal, and goes when it was the last'
    ],
    zaak_vroegsignaal: [
      'select by doorzender_zien; delete by doorzender_met_signaal',
      'goes where the signal left'
    ]
  },
  gemeente: {
    abonnement: [
      'select by eigen_gemeenten; insert by eigen_gemeenten; update (url, soorten, status, reden, uitgeschakeld_op, mislukt_sinds) by eigen_gemeenten; delete by eigen_gemeenten',
      'its own'
    ],
    abonnement_geheim: [
      'select by eigen_gemeenten; insert by eigen_gemeenten; delete by eigen_gemeenten',
      'of its own subscriptions'
    ],
    abonnement_wens: [
      'select by eigen_gemeente; insert by eigen_gemeente; delete by eigen_gemeente',
      'of its own subscriptions'
    ],
    adresregister_a: ['select', 'one address'],
    adresregister_b: ['select', 'one address'],
    adresregister_postcode_a: ['select', 'one address'],
    adresregister_postcode_b: ['select', 'one address'],
    adresregister_stand: ['select', 'which side of the register is in use'],
    afwijzing_telling: ['select by eigen_gemeente', 'its own figures'],
    beheerhandeling: ['insert by eigen', 'adds what it did'],
    beperking: ['select by gemeente; insert by gemeente; delete by gemeente', 'restricts and ends that'],
    betwisting: [
      'select by gemeente_lezen; insert by gemeente_indienen',
      'contests its own signals; never changes one'
    ],
    bezorging: [
      'select by eigen_gemeente; insert by eigen_gemeente; update (status, aantal_pogingen, volgende_poging_op, opgeven_na) by eigen_gemeente',
      'sees its own, and has one tried again'
    ],
    bezwaar: [
      'select by gemeente; insert by gemeente; delete by gemeente',
      'registers objections in its own municipality; no others are its to see'
    ],
    contactpoging: ['select by gemeente; insert by gemeente', 'of its own cases'],
    gebeurtenis: ['select by gemeente_lezen; insert by veroorzaken', 'tells what it caused'],
    gemeente: [
      'select by lezen; update (instellingen) by eigen_instellingen',
      'which take part is no secret; changes its own settings'
    ],
    gemeld_signaal: ['insert by gemeente_afronden', 'writes it of its own signals, and can never read it'],
    herindeling: ['select by lezen', 'which municipalities merged is no secret'],
    huishouden: [
      'select by gemeente_lezen; update (adresindicatie_bron, adresindicatie_datum) by gemeente_aanduiden',
      'its list, and its own mark that an address may be wrong'
    ],
    huishouden_markering: [
      'select (gemeentecode) by gemeente_zien; insert by markeren',
      'whether its list is up to date; marks what it changed'
    ],
    huishouden_vergeten: ['select by gemeente_lezen', 'whether a follower missed something'],
    huishouden_vervallen: ['select by gemeente_lezen', 'tells followers what is gone'],
    idempotentie: ['select by eigen; insert by eigen; update by eigen', 'its own requests'],
    ongeldig_meldbewijs: [
      'insert by ongeldig_maken',
      'voids the receipt of what was wrong; a keyed hash, never to be listed'
    ],
    overeenkomst: [
      'select by eigen_gemeente; update (ondertekening_gemeente) by eigen_gemeente',
      'signs its own'
    ],
    signaalpartner: ['select by lezen', 'the names beside signals'],
    signaalpartner_telling: [
      'select by gemeente_lezen; insert by gemeente_tellen; update (aantal) by gemeente_bijtellen',
      'reads its own figures, and counts its contests'
    ],
    terugkoppeling: [
      'insert by gemeente_geven',
      'tells the partner of its own signal, and can never read it'
    ],
    terugkoppeling_stand: [
      'select by gemeente; insert by gemeente; update (laatste) by gemeente',
      'numbers the feeds of partners with an agreement; never back'
    ],
    vernietiging: ['select by gemeente_lezen', 'its own proofs'],
    verwerking: ['select', 'its own log, by line'],
    verwerkingsblad: [
      'select by gemeente_lezen; insert by eigen_gemeente',
      'its own log; adds, never changes'
    ],
    verwerkingszegel: ['select by gemeente_lezen', 'its own seals'],
    vroegsignaal: [
      'select by gemeente_lezen; update (status, afgerond) by gemeente_behandelen',
      'its own live ones; takes them up and ends them'
    ],
    vroegsignaalzaak: [
      'select by gemeente; insert by gemeente; update (resultaat, resultaatdatum, afgesloten_op, vernietigingsdatum) by gemeente',
      'its own'
    ],
    zaak_vroegsignaal: [
      'select by gemeente_lezen; insert by gemeente_opnemen; update (buiten_resultaat) by gemeente_betreffen',
      'takes its own signals up; never lets one go'
    ]
  },
  herindeler: {
    abonnement: [
      'select (id, gemeentecodes) by herindeler_zien; update (gemeentecodes) by herindeler_overdragen',
      'subscriptions follow their client'
    ],
    abonnement_wens: [
      'select by herindeler_zien; insert by herindeler_wensen; delete by herindeler_vergeten',
      'subscriptions follow their client'
    ],
    adresregister_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_a: ['select', 'compares an objection on another way of writing an address'],
    adresregister_postcode_b: ['select', 'compares an objection on another way of writing an address'],
    adresregister_stand: ['select', 'which side of the register is in use'],
    beperking: [
      'select (gemeentecode, id, vroegsignaal_ids) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'a restriction holds its signals where they are'
    ],
    betwisting: [
      'select (gemeentecode, id, vroegsignaal_id, sleuteldag, inhoud) by herindeler_zien; update (gemeentecode, inhoud) by herindeler_verhuizen',
      'moves with its signal; opened to be sealed anew'
    ],
    bezwaar: [
      'select by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'an objection holds in the successor; meets the signals that move'
    ],
    client: [
      'select (id, gemeentecodes, ingetrokken_op) by herindeler_zien; update (gemeentecodes) by herindeler_overdragen',
      'works for the successor from then on'
    ],
    contactpoging: [
      'select (gemeentecode, zaak_id, id) by herindeler_zien',
      'a repeat is answered from where the result is'
    ],
    gebeurtenis: [
      'select (gemeentecode, id, vroegsignaal_id, huishouden_id) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen; delete by herindeler_weg',
      'told where it is about; forgotten with a household that was joined'
    ],
    gemeld_signaal: [
      'select (gemeentecode, id) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'moves with its signal'
    ],
    herindeling: [
      'select by lezen; update (opvolger, uitgevoerd_op) by uitvoeren',
      'what it may carry out; that it was done'
    ],
    huishouden: [
      'select (gemeentecode, id, adres_index, eerste_signaal_op, laatste_verval, volgnummer, adresindicatie_bron, adresindicatie_datum) by herindeler_zien; update (gemeentecode, volgnummer, adresindicatie_bron, adresindicatie_datum) by herindeler_verhuizen; delete by herindeler_samenvoegen',
      'moves with its signals, or joins another'
    ],
    huishouden_markering: ['insert by markeren', 'the addresses that moved'],
    huishouden_vervallen: [
      'select by herindeler_zien; insert by herindeler_melden; update (volgnummer, vervaldatum) by herindeler_opnieuw_melden',
      'tells followers what was joined'
    ],
    idempotentie: [
      'select (gemeentecode, resultaat_id) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'a repeat is answered from where the result is'
    ],
    maandspoor: [
      'select (gemeentecode, vroegsignaal_id) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'moves with its signal'
    ],
    overeenkomst: [
      'select by herindeler_zien; insert by herindeler_voortzetten; update (einddatum, ingreep) by herindeler_beeindigen',
      'goes on with the successor; ends where it was'
    ],
    terugkoppeling: [
      'select (gemeentecode, id, vroegsignaal_id) by herindeler_zien; update (gemeentecode) by herindeler_verhuizen',
      'moves with its signal'
    ],
    verwerkingsblad: ['insert by herindeler', 'both logs tell of it, in nobody’s name'],
    vroegsignaal: [
      'select (gemeentecode, id, signaalpartner_id, status, sleuteldag, vernietigingsaanleiding, adres_index, adresversie, adres_bekend, persoon_index, inhoud, beoordeling) by herindeler_zien; update (gemeentecode, status, vernietigingsaanleiding, inhoud, beoordeling) by herindeler_verhuizen',
      'opened to be sealed anew; from the first municipality of the context to the second, and nothing else'
    ],
    vroegsignaalzaak: [
      'select (gemeentecode, id, huishouden_id, resultaat) by herindeler_zien; update (gemeentecode, huishouden_id, samengevoegd) by herindeler_verhuizen',
      'comes along with its signals'
    ],
    zaak_vroegsignaal: ['select by herindeler_zien', 'which cases come along']
  },
  herleider: {
    adresregister_a: ['select', 'compares addresses anew'],
    adresregister_b: ['select', 'compares addresses anew'],
    adresregister_postcode_a: ['select', 'compares addresses anew'],
    adresregister_postcode_b: ['select', 'compares addresses anew'],
    adresregister_stand: ['select; update (versie, regels)', 'under which rules addresses are compared'],
    gebeurtenis: [
      'select (gemeentecode, huishouden_id) by huishouden_zien; delete by huishouden_weg',
      'goes with a household that was joined'
    ],
    gemeente: ['select by lezen', 'goes along all'],
    huishouden: [
      'select (gemeentecode, id, adres_index, eerste_signaal_op, laatste_verval, volgnummer, adresindicatie_bron, adresindicatie_datum) by herleider; update (adres_index, adresindicatie_bron, adresindicatie_datum) by herleider; delete by herleider',
      'moves with its address, or joins another'
    ],
    huishouden_markering: ['insert by markeren', 'the addresses that changed'],
    huishouden_vervallen: [
      'select by zien; insert by melden; update (volgnummer, vervaldatum) by opnieuw_melden',
      'tells followers what was joined'
    ],
    verwerkingsblad: ['insert by herleider', 'adds what it opened, in nobody’s name'],
    vroegsignaal: [
      'select (gemeentecode, id, status, sleuteldag, vernietigingsdatum, adres_index, adresversie, adres_bekend, persoon_index, inhoud, beoordeling) by herleider_lezen; update (adres_index, adresversie, adres_bekend, inhoud, beoordeling) by herleider_herleiden',
      'opens content to compare the address anew'
    ],
    vroegsignaalzaak: [
      'select (gemeentecode, id, huishouden_id, adres_index, resultaat) by herleider; update (huishouden_id, adres_index, samengevoegd) by herleider',
      'comes along with its household'
    ],
    zaak_vroegsignaal: ['select by herleider', 'which cases come along']
  },
  matcher: {
    abonnement_wens: ['select (gemeentecode, soort) by gewenst_in_gemeente', 'whether anybody wants to hear'],
    gebeurtenis: [
      'select (gemeentecode, huishouden_id) by huishouden_zien; insert by veroorzaken; delete by huishouden_weg',
      'tells of a match; forgets a household that is gone'
    ],
    gemeente: ['select by lezen', 'the setting that counts matches'],
    huishouden: ['select by matcher; insert by matcher; update by matcher; delete by matcher', 'computes it'],
    huishouden_markering: [
      'select by matcher_vinden; insert by markeren; delete by matcher_verwerken',
      'finds and takes the marks of its municipalities, every one of them'
    ],
    huishouden_vervallen: [
      'select by zien; insert by melden; update (volgnummer, vervaldatum) by opnieuw_melden',
      'tells followers what is gone'
    ],
    vroegsignaal: [
      'select (gemeentecode, id, signaalpartner_id, soort, sector, status, ontvangen_op, ontvangstdatum, reactiedatum, geplande_datum, vernietigingsdatum, bedrag_in_centen, jongere, adres_index, adres_bekend, klant_index) by matcher_lezen',
      'what it counts, never the content'
    ]
  },
  signaalpartner: {
    aanlevering: ['select by eigen_lezen; insert by eigen_toevoegen', 'its own deliveries'],
    aanlevering_deel: ['select by eigen_lezen; insert by eigen_toevoegen', 'its own deliveries'],
    abonnement_wens: ['select (gemeentecode, soort) by gewenst', 'whether anybody wants to hear; not who'],
    adresregister_a: ['select', 'one address'],
    adresregister_b: ['select', 'one address'],
    adresregister_postcode_a: ['select', 'one address'],
    adresregister_postcode_b: ['select', 'one address'],
    adresregister_stand: ['select', 'which side of the register is in use'],
    afwijzing_telling: [
      'select by eigen; insert by eigen; update (aantal) by eigen',
      'counts its own refusals'
    ],
    beheerhandeling: ['insert by eigen', 'adds what it did'],
    betwisting: [
      'select by partner; update (reactie, beantwoord_op, inhoud) by partner',
      'answers contests of signals that it sees'
    ],
    bezwaar: [
      'select by toetsen; insert by eigen_klant; delete by eigen_intrekken',
      'what its signals are weighed against; registers and ends that of its own customer'
    ],
    gebeurtenis: ['insert by partner_veroorzaakt', 'tells what it caused, where it has or had an agreement'],
    gemeente: ['select by lezen', 'the rules that its signals are judged by'],
    gemeld_signaal: ['select by eigen_lezen', 'the receipts of what is over for it'],
    herindeling: ['select by lezen', 'which municipalities merged is no secret'],
    huishouden_markering: ['insert by partner_markeert', 'marks addresses, where it has or had an agreement'],
    idempotentie: [
      'select by eigen_signaalpartner; insert by eigen_signaalpartner; update by eigen_signaalpartner',
      'its own requests'
    ],
    ongeldig_meldbewijs: [
      'insert by ongeldig_maken',
      'voids the receipt of what it withdrew as wrong; never to be listed'
    ],
    overeenkomst: [
      'select by eigen_signaalpartner; update (ondertekening_signaalpartner) by eigen_signaalpartner',
      'signs its own'
    ],
    signaalpartner: ['select by eigen', 'itself'],
    signaalpartner_telling: [
      'select by partner; insert by partner; update (aantal) by partner',
      'counts its own'
    ],
    terugkoppeling: ['select by eigen_lezen', 'its own feed'],
    verwerkingsblad: ['insert by eigen_signaalpartner', 'adds what it did; reads nothing'],
    vroegsignaal: [
      'select by eigen_lezen; insert by eigen_aanleveren; update (status, signaaldatum, reactiedatum, geplande_datum, vernietigingsaanleiding, bedrag_in_centen, inhoud_hash, herhaling_van, inhoud, beoordeling) by eigen_wijzigen',
      'its own until it is over; adds for the term of the day, corrects, withdraws and never takes that back'
    ]
  },
  sleutelbewaarder: {
    bekende_dagsleutel: ['select; insert; delete', 'keeps rows and keys in step'],
    bekende_sleutel: ['select; insert', 'keeps rows and keys in step'],
    migratie: ['select', 'sees at start whether the schema is the one it needs'],
    vervroegd_stand: ['select; update (volgnummer)', 'up to where early destructions were repeated'],
    vroegsignaal: [
      'select (gemeentecode, id, vernietigingsdatum) by sleutelbewaarder_vinden; update (status, vernietigingsdatum, vernietigingsaanleiding) by sleutelbewaarder_hervatten',
      'makes due again what an old dump brought back'
    ]
  },
  teller: {
    contactpoging: ['select (gemeentecode, zaak_id, bereikt) by teller', 'whether anybody was reached'],
    maandspoor: [
      'select by teller; insert by teller; update by teller',
      'what a live signal keeps of destroyed ones'
    ],
    monitor_telling: [
      'select by teller; insert by teller; update by teller',
      'the figures that outlive signals'
    ],
    vroegsignaal: [
      'select (gemeentecode, id, sector, status, ontvangstdatum, vernietigingsaanleiding, adres_index) by teller',
      'what it counts, never the content'
    ],
    vroegsignaalzaak: ['select (gemeentecode, id, resultaat) by teller', 'what it counts'],
    zaak_vroegsignaal: ['select by teller', 'what it counts']
  },
  toegang: {
    aanmelding: [
      'select (id, status, verzoek_hash) by herkennen; insert by aanmelden',
      'anyone may apply; counts what is open and knows a repeat'
    ],
    client: [
      'select by toegang; update (laatst_gebruikt_op) by gebruik',
      'finds out who calls, and notes when'
    ],
    client_geheim: ['select by toegang', 'compares a secret'],
    dagverbruik: [
      'select by vandaag; insert by vandaag; update (zoekvragen) by vandaag',
      'the quota of today'
    ],
    gebruikte_assertie: ['select by toegang; insert by toegang', 'no assertion works twice'],
    ongeldig_meldbewijs: ['select by controleren', 'whoever has a receipt may ask'],
    signaalpartner: ['select by lezen', 'whether it is suspended']
  },
  vernietiger: {
    aanlevering: [
      'select (vernietigingsdatum) by vernietiger_verlopen; delete by vernietiger_verlopen',
      'what is due'
    ],
    aanlevering_deel: [
      'select (vernietigingsdatum) by vernietiger_verlopen; delete by vernietiger_verlopen',
      'what is due'
    ],
    aanmelding: ['select by vernietiger; delete by vernietiger', 'what is due'],
    abonnement_wens: ['select (gemeentecode, soort) by gewenst_in_gemeente', 'whether anybody wants to hear'],
    beheerhandeling: [
      'select (id, op) by vernietiger_verlopen; delete by vernietiger_verlopen',
      'what is due'
    ],
    beperking: [
      'select by vernietiger_vinden, vernietiger_zien; delete by vernietiger_verlopen',
      'ends those whose day has come'
    ],
    betwisting: [
      'select (gemeentecode, vroegsignaal_id) by vernietiger_zien; delete by met_signaal',
      'goes with its signal'
    ],
    bezwaar: [
      'select by vernietiger_verlopen, vernietiger_vinden; delete by vernietiger_verlopen',
      'what is due'
    ],
    dagverbruik: ['select by vernietiger; delete by vernietiger', 'days that are over'],
    gebeurtenis: [
      'select (gemeentecode, id, soort, dag, vroegsignaal_id, huishouden_id) by vernietiger, vernietiger_vinden; insert by veroorzaken; delete by vernietiger_weg',
      'goes with its signal or household, or on its day; tells of the destruction'
    ],
    gebruikte_assertie: ['select by vernietiger; delete by vernietiger', 'what has expired'],
    gemeente: ['select by lezen', 'goes along all, for the terms that they chose'],
    gemeld_signaal: [
      'select (gemeentecode, id, vernietigingsdatum) by vernietiger_vinden, vernietiger_zien; delete by vernietiger_met_signaal',
      'on its day, or with its signal'
    ],
    huishouden: [
      'select (gemeentecode, id, adres_index, eerste_verval, laatste_verval, volgnummer) by vernietiger_vinden, vernietiger_zien; delete by vernietiger_leeg',
      'when no live signal is left'
    ],
    huishouden_markering: ['insert by markeren', 'the addresses that lost a signal'],
    huishouden_vergeten: [
      'select by eigen; insert by eigen; update by eigen',
      'up to where ends were forgotten'
    ],
    huishouden_vervallen: [
      'select by vernietiger_vinden, zien; insert by melden; update (volgnummer, vervaldatum) by opnieuw_melden; delete by vernietiger_vergeten',
      'tells followers what is gone, and forgets that'
    ],
    idempotentie: [
      'select (gemeentecode, resultaat_id, verloopt_op) by vernietiger_zien; update (vingerafdruk, gemeentecode, resultaat_id) by vernietiger_vergeten; delete by vernietiger_verlopen',
      'what has expired; forgets what is destroyed'
    ],
    job_run: ['select; insert; update; delete', 'which instance took which run'],
    maandspoor: [
      'select (gemeentecode, vroegsignaal_id) by vernietiger_zien; delete by met_signaal',
      'goes with its signal'
    ],
    terugkoppeling: [
      'select (gemeentecode, vroegsignaal_id, vernietigingsdatum) by vernietiger_vinden, vernietiger_zien; delete by vernietiger_met_signaal',
      'on its day, or with its signal'
    ],
    vernietiging: ['select by vernietiger; insert by vernietiger', 'adds the proof; changes none'],
    vervroegd_stand: ['select; update (volgnummer)', 'up to where early destructions were repeated'],
    verwerkingsblad: [
      'select (gemeentecode, id, op) by vernietiger_verlopen; delete by vernietiger_verlopen',
      'what is over its term'
    ],
    vroegsignaal: [
      'select (gemeentecode, id, sector, status, ontvangstdatum, sleuteldag, vernietigingsdatum, vernietigingsaanleiding, adres_index, beperkt) by vernietiger_vinden, vernietiger_zien; update (beperkt) by vernietiger_opheffen, vernietiger_vasthouden; delete by vernietiger_verlopen',
      'deletes what is due; sees which signals an address has, never their content'
    ],
    vroegsignaalzaak: [
      'select (gemeentecode, id, vernietigingsdatum) by zien; update (vernietigingsdatum) by vervroegen; delete by met_laatste_signaal',
      'hidden no later than its last signal, and gone with it'
    ],
    zaak_vroegsignaal: ['select by zien; delete by met_signaal', 'goes with its signal']
  },
  verzegelaar: {
    gemeente: ['select by lezen', 'goes along all'],
    verwerkingsblad: ['select by verzegelaar', 'what it seals'],
    verwerkingszegel: ['select by verzegelaar; insert by verzegelaar', 'adds seals; changes none']
  },
  waarnemer: {
    aanlevering: [
      'select (vernietigingsdatum) by vernietiger_verlopen',
      'how long what is due has waited; a day'
    ],
    aanlevering_deel: [
      'select (vernietigingsdatum) by vernietiger_verlopen',
      'how long what is due has waited; a day'
    ],
    aanmelding: ['select (vernietigingsdatum) by vernietiger', 'how long what is due has waited; a day'],
    beheerhandeling: ['select (op) by vernietiger_verlopen', 'how long what is due has waited; a day'],
    beperking: ['select (vervaldatum) by vernietiger_vinden', 'how long what is due has waited; a day'],
    bezorging: ['select (status, volgende_poging_op) by waarnemer', 'how much waits, and since when'],
    bezwaar: ['select (einddatum) by vernietiger_vinden', 'how long what is due has waited; a day'],
    dagverbruik: ['select (dag) by vernietiger', 'how long what is due has waited; a day'],
    gebeurtenis: ['select (dag) by vernietiger_vinden', 'how long what is due has waited; a day'],
    gebruikte_assertie: [
      'select (verloopt_op) by waarnemer_verlopen',
      'how long what is due has waited; a day'
    ],
    gemeente: ['select (gemeentecode, instellingen) by lezen', 'the terms that they chose'],
    gemeld_signaal: [
      'select (vernietigingsdatum) by vernietiger_vinden',
      'how long what is due has waited; a day'
    ],
    huishouden: [
      'select (eerste_verval, laatste_verval) by vernietiger_vinden',
      'how long what is due has waited; a day'
    ],
    huishouden_markering: ['select (gemeentecode, volgnummer) by waarnemer', 'how many addresses wait'],
    huishouden_vervallen: [
      'select (vervaldatum) by vernietiger_vinden',
      'how long what is due has waited; a day'
    ],
    idempotentie: ['select (verloopt_op) by waarnemer_verlopen', 'how long what is due has waited; a day'],
    terugkoppeling: [
      'select (vernietigingsdatum) by vernietiger_vinden',
      'how long what is due has waited; a day'
    ],
    verwerkingsblad: [
      'select (gemeentecode, op) by vernietiger_verlopen',
      'how long what is due has waited; a day'
    ],
    vroegsignaal: [
      'select (vernietigingsdatum, vernietigingsaanleiding) by vernietiger_vinden',
      'how long what is due has waited; a day'
    ]
  }
}
