-- What a change leaves behind in its own transaction.

-- verwerkingsblad: the processing log (Logboek Dataverwerkingen), a sheet per processing and municipality, written in the
-- transaction of the processing. It names each resident by a keyed pseudonym, and beside it the signal, household or case
-- that was looked at or changed. Rows are only added, so that it stays provable who saw whose data (AVG art. 5 lid 2).
-- `gebruiker` is the employee for whom the client of a municipality acted, under the pseudonym that the municipality's own
-- system sends. The sweeper deletes a row once the term that its municipality chose is over, counted from `op`.
create table verwerkingsblad (
  gemeentecode text not null,
  id uuid not null,
  trace_id text not null,
  activiteit text not null,
  client_id uuid,
  signaalpartner_id uuid,
  betrokkene_pseudoniemen bytea[] not null,
  object_ids uuid[] not null,
  op timestamptz not null,
  gebruiker text check (gebruiker ~ '^[!-?A-~]{1,64}$'),
  primary key (gemeentecode, id),
  check (cardinality(object_ids) > 0 and cardinality(object_ids) = cardinality(betrokkene_pseudoniemen))
) with (toast_tuple_target = 8160);
-- Hashes do not compress, and a page of a hundred households fits in its row.
alter table verwerkingsblad alter column betrokkene_pseudoniemen set storage external,
  alter column object_ids set storage external;
create index verwerkingsblad_op on verwerkingsblad (gemeentecode, op);
-- For a resident who asks who looked. Intake needs none: its sheet has the id of its signal.
create index verwerkingsblad_betrokkene on verwerkingsblad using gin (betrokkene_pseudoniemen)
  where activiteit <> 'vroegsignaal-aannemen';

-- verwerking: the same as lines, one per resident per processing.
create view verwerking with (security_invoker = true) as
  select b.gemeentecode, b.id, regel.nummer, b.trace_id, b.activiteit, b.client_id, b.signaalpartner_id,
    regel.betrokkene_pseudoniem, regel.object_id, b.op, b.gebruiker
  from verwerkingsblad b cross join lateral unnest(b.betrokkene_pseudoniemen, b.object_ids)
    with ordinality as regel(betrokkene_pseudoniem, object_id, nummer);

create function weiger_wijziging() returns trigger language plpgsql as $$
begin
  raise exception 'this log is append-only';
end $$;
create trigger verwerkingsblad_alleen_toevoegen before update or truncate on verwerkingsblad
  for each statement execute function weiger_wijziging();
create trigger verwerkingsblad_alleen_vernietigen before delete on verwerkingsblad
  for each statement when (current_user <> 'signaalhub_vernietiger') execute function weiger_wijziging();

alter table verwerkingsblad enable row level security, force row level security;
grant insert on verwerkingsblad to signaalhub_signaalpartner;
create policy eigen_signaalpartner on verwerkingsblad for insert to signaalhub_signaalpartner
  with check ((signaalpartner_id, client_id) in (select h.signaalpartner_id, h.client_id from hub_herkomsten() h));

grant select, insert on verwerkingsblad to signaalhub_gemeente;
grant select on verwerking to signaalhub_gemeente;
create policy eigen_gemeente on verwerkingsblad for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and client_id = (select hub_client_id()));
create policy gemeente_lezen on verwerkingsblad for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) or gemeentecode in (select hub_voorgangers()));

-- A move is logged in both municipalities.
grant insert on verwerkingsblad to signaalhub_doorzender;
create policy doorzender on verwerkingsblad for insert to signaalhub_doorzender
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and client_id = (select hub_client_id()));

-- Nobody asked for what the hub does by itself, so such a line names no client.
grant insert on verwerkingsblad to signaalhub_herleider;
create policy herleider on verwerkingsblad for insert to signaalhub_herleider
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and client_id is null);

-- The first instant of which a municipality keeps the log; that of the longest term where it has chosen none.
create function verwerkingen_bewaard_vanaf(code text) returns timestamptz language sql stable return
  (hub_vandaag() - make_interval(years => coalesce((select (g.instellingen ->> 'bewaartermijnVerwerkingenJaren')::integer
    from gemeente g where g.gemeentecode = code), 5)))::timestamp at time zone 'Europe/Amsterdam';

-- At most `grens` rows whose term is over. Looked up one municipality at a time, by index.
create function verlopen_verwerkingsbladen(grens integer) returns table (gemeentecode text, id uuid)
  language sql stable begin atomic
  select v.gemeentecode, v.id from gemeente g cross join lateral (
    select b.gemeentecode, b.id from verwerkingsblad b
    where b.gemeentecode = g.gemeentecode and b.op < (select verwerkingen_bewaard_vanaf(g.gemeentecode))
    order by b.op limit grens) v limit grens;
end;

-- For the sweeper only those rows exist whose term is over: it can neither see nor delete any other.
grant select (gemeentecode, id, op), delete on verwerkingsblad to signaalhub_vernietiger;
create policy vernietiger_verlopen on verwerkingsblad to signaalhub_vernietiger
  using (op < verwerkingen_bewaard_vanaf(gemeentecode));

-- verwerkingszegel: seals the processing log of a municipality. Each covers the days from `van`, on the last of which, `dag`,
-- there were sheets, and says how many and their hash; a signed chain per municipality. A sheet that is changed, removed
-- or slipped in later shows. No personal data. Kept, so that the chain stays whole.
create table verwerkingszegel (
  gemeentecode text not null references gemeente,
  volgnummer integer not null,
  van date not null,
  dag date not null check (dag >= van),
  aantal_bladen integer not null,
  bladen_hash text not null,
  bewijs text not null,
  primary key (gemeentecode, volgnummer),
  unique (gemeentecode, dag)
);

alter table verwerkingszegel enable row level security, force row level security;
grant select, insert on verwerkingszegel to signaalhub_verzegelaar;
create policy verzegelaar on verwerkingszegel to signaalhub_verzegelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on verwerkingszegel to signaalhub_gemeente;
create policy gemeente_lezen on verwerkingszegel for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) or gemeentecode in (select hub_voorgangers()));
grant select on verwerkingsblad to signaalhub_verzegelaar;
create policy verzegelaar on verwerkingsblad for select to signaalhub_verzegelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- How many sheets a municipality has from the first day to the last, and a hash of all that they hold. The settings decide
-- how values are written, so they are fixed.
create function verwerkingen_hash(code text, eerste date, laatste date) returns table (aantal integer, hash text)
  language sql stable set bytea_output = 'hex' set datestyle = 'ISO' set timezone = 'UTC' as $$
  select count(*)::integer, encode(sha256(coalesce(string_agg(sha256(convert_to(jsonb_build_array(b.id, b.trace_id,
    b.activiteit, b.client_id, b.signaalpartner_id, b.betrokkene_pseudoniemen::text, b.object_ids::text, b.op,
    b.gebruiker)::text, 'UTF8')), ''::bytea order by b.id), ''::bytea)), 'hex')
  from verwerkingsblad b where b.gemeentecode = code
    and b.op >= eerste::timestamp at time zone 'Europe/Amsterdam'
    and b.op < (laatste + 1)::timestamp at time zone 'Europe/Amsterdam'
$$;

-- beheerhandeling: who changed an organisation, agreement or client, and when: the operation, the ids it was about, and the
-- names of the fields it gave, never their values. Rows are only added; the sweeper deletes one five years after `op`.
create table beheerhandeling (
  id uuid primary key,
  op timestamptz not null,
  trace_id text not null,
  -- Null for a command on the server.
  client_id uuid,
  gebruiker text check (gebruiker ~ '^[!-?A-~]{1,64}$'),
  handeling text not null check (handeling ~ '^[a-z][A-Za-z]{1,60}$'),
  object_ids text[] not null,
  velden text[] not null
);
create index beheerhandeling_op on beheerhandeling (op);

create trigger beheerhandeling_alleen_toevoegen before update or truncate on beheerhandeling
  for each statement execute function weiger_wijziging();
create trigger beheerhandeling_alleen_vernietigen before delete on beheerhandeling
  for each statement when (current_user <> 'signaalhub_vernietiger') execute function weiger_wijziging();

alter table beheerhandeling enable row level security, force row level security;
grant insert on beheerhandeling to signaalhub_beheer, signaalhub_gemeente, signaalhub_signaalpartner;
create policy eigen on beheerhandeling for insert to signaalhub_beheer, signaalhub_gemeente, signaalhub_signaalpartner
  with check (client_id = (select hub_client_id())
    or client_id is null and (select hub_client_id()) is null and current_user = 'signaalhub_beheer');
grant select on beheerhandeling to signaalhub_beheer;
create policy beheer_lezen on beheerhandeling for select to signaalhub_beheer using (true);
grant select (id, op), delete on beheerhandeling to signaalhub_vernietiger;
create policy vernietiger_verlopen on beheerhandeling to signaalhub_vernietiger
  using (op < (select (hub_vandaag() - interval '60 months') at time zone 'Europe/Amsterdam'));

-- signaalpartner_telling: how often what happened to a partner's signals, per day. Counts only. Kept for the monitor
-- and for the dossier about careless signals that a municipality sends to the umbrella organisation. `sector` is empty
-- for what happened after intake.
create table signaalpartner_telling (
  gemeentecode text not null,
  signaalpartner_id uuid not null references signaalpartner,
  dag date not null,
  gebeurtenis text not null check (gebeurtenis in ('opgenomen', 'waarschuwing', 'intrekking', 'betwisting',
    'betwisting-ingetrokken', 'betwisting-gehandhaafd')),
  sector text not null check (sector ~ '^[a-z-]{0,40}$'),
  kenmerk text not null check (kenmerk ~ '^[a-z-]{1,60}$'),
  aantal integer not null,
  primary key (gemeentecode, signaalpartner_id, dag, gebeurtenis, sector, kenmerk)
);

alter table signaalpartner_telling enable row level security, force row level security;
grant select, insert, update (aantal) on signaalpartner_telling to signaalhub_signaalpartner;
create policy partner on signaalpartner_telling to signaalhub_signaalpartner
  using (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h))
  with check (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h) and gebeurtenis <> 'betwisting');

-- A municipality counts its own contests, of partners that it has or had an agreement with.
grant select, insert, update (aantal) on signaalpartner_telling to signaalhub_gemeente;
create policy gemeente_lezen on signaalpartner_telling for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) or gemeentecode in (select hub_voorgangers()));
create policy gemeente_tellen on signaalpartner_telling for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and gebeurtenis = 'betwisting' and exists (
    select from overeenkomst o where o.signaalpartner_id = signaalpartner_telling.signaalpartner_id
      and o.gemeentecode = signaalpartner_telling.gemeentecode));
create policy gemeente_bijtellen on signaalpartner_telling for update to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and gebeurtenis = 'betwisting')
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and gebeurtenis = 'betwisting');

grant select on signaalpartner_telling to signaalhub_beheer;
create policy beheer on signaalpartner_telling for select to signaalhub_beheer using (true);

-- afwijzing_telling: how often each criterion refused a partner's signals, per day and sector, because the law behind a
-- criterion differs by sector; nothing else of a refused signal is stored. Counts only. Kept for the monitor.
-- `gemeentecode` is empty when the signal named no municipality.
create table afwijzing_telling (
  gemeentecode text not null,
  signaalpartner_id uuid not null references signaalpartner,
  dag date not null,
  sector text not null check (sector ~ '^[a-z-]{1,40}$'),
  criterium text not null,
  aantal integer not null,
  primary key (gemeentecode, signaalpartner_id, dag, sector, criterium)
);

alter table afwijzing_telling enable row level security, force row level security;
grant select, insert, update (aantal) on afwijzing_telling to signaalhub_signaalpartner;
create policy eigen on afwijzing_telling to signaalhub_signaalpartner
  using (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h))
  with check (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h));

grant select on afwijzing_telling to signaalhub_gemeente;
create policy eigen_gemeente on afwijzing_telling for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) or gemeentecode in (select hub_voorgangers()));

grant select on afwijzing_telling to signaalhub_beheer;
create policy beheer on afwijzing_telling for select to signaalhub_beheer using (true);

-- huishouden_markering: addresses whose signals changed, as keyed hashes. Written in the transaction of the change,
-- deleted by the matcher, usually within a second. Never updated: if two writers shared a mark, the matcher could take
-- it after the first commit and miss the second. As rows live so briefly, vacuum runs after every 5,000 dead rows,
-- however large the table is.
create table huishouden_markering (
  gemeentecode text not null,
  volgnummer bigint generated always as identity,
  adres_index bytea not null,
  primary key (gemeentecode, volgnummer)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

alter table huishouden_markering enable row level security, force row level security;
grant insert on huishouden_markering to signaalhub_signaalpartner;
create policy partner_markeert on huishouden_markering for insert to signaalhub_signaalpartner
  with check (exists (select from hub_herkomsten() h join overeenkomst o
    on o.signaalpartner_id = h.signaalpartner_id and o.gemeentecode = huishouden_markering.gemeentecode));

grant insert on huishouden_markering to signaalhub_gemeente, signaalhub_afhandelaar, signaalhub_doorzender,
  signaalhub_matcher, signaalhub_herleider, signaalhub_herindeler, signaalhub_vernietiger;
create policy markeren on huishouden_markering for insert to signaalhub_gemeente, signaalhub_afhandelaar,
  signaalhub_doorzender, signaalhub_matcher, signaalhub_herleider, signaalhub_herindeler, signaalhub_vernietiger
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- Whoever reads households first asks whether they are up to date.
grant select (gemeentecode) on huishouden_markering to signaalhub_gemeente;
create policy gemeente_zien on huishouden_markering for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- The matcher looks across municipalities for one thing only: which of them have marks.
grant select, delete on huishouden_markering to signaalhub_matcher;
create policy matcher_vinden on huishouden_markering for select to signaalhub_matcher using (true);
create policy matcher_verwerken on huishouden_markering for delete to signaalhub_matcher
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- The municipalities that have marks and are shown to the caller. Steps from one to the next, so that it takes as long for
-- a hundred thousand marks as for a few.
create function gemarkeerde_gemeenten() returns setof text language plpgsql stable as $$
declare
  gevonden text := '';
begin
  loop
    select m.gemeentecode into gevonden from huishouden_markering m where m.gemeentecode > gevonden
    order by m.gemeentecode limit 1;
    exit when gevonden is null;
    return next gevonden;
  end loop;
end $$;

-- True when one of these municipalities has marks.
create function is_gemarkeerd(gemeentecodes text[]) returns boolean language plpgsql stable as $$
begin
  if cardinality(gemeentecodes) = 1 then
    return exists (select from huishouden_markering m where m.gemeentecode = gemeentecodes[1]);
  end if;
  return exists (select from gemarkeerde_gemeenten() g where g = any (gemeentecodes));
end $$;

-- abonnement_wens: which kinds of events a subscription wants to hear of in which municipality, for as long as it is active.
-- Whatever causes an event looks here first, so that nothing is written where nobody listens. No personal data. Deleted with
-- the subscription, when that is switched off, and when its client works no longer for the municipality.
create table abonnement_wens (
  gemeentecode text not null,
  soort text not null check (soort in ('nl.vroegsignalering.signaal-ontvangen',
    'nl.vroegsignalering.signaal-ingetrokken', 'nl.vroegsignalering.huishouden-gematcht',
    'nl.vroegsignalering.crisis-gemeld', 'nl.vroegsignalering.terugkoppeling-gegeven',
    'nl.vroegsignalering.signaal-betwist', 'nl.vroegsignalering.gegevens-vernietigd')),
  abonnement_id uuid not null,
  primary key (gemeentecode, soort, abonnement_id)
);
create index abonnement_wens_abonnement on abonnement_wens (abonnement_id);

alter table abonnement_wens enable row level security, force row level security;
grant select, insert, delete on abonnement_wens to signaalhub_gemeente;
create policy eigen_gemeente on abonnement_wens to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- Who causes an event sees that somebody wants it, not who.
grant select (gemeentecode, soort) on abonnement_wens to signaalhub_signaalpartner, signaalhub_doorzender,
  signaalhub_matcher, signaalhub_vernietiger;
create policy gewenst on abonnement_wens for select to signaalhub_signaalpartner using (true);
create policy gewenst_in_gemeente on abonnement_wens for select to signaalhub_doorzender, signaalhub_matcher,
  signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- A client that is changed or revoked.
grant select, insert, delete on abonnement_wens to signaalhub_beheer;
create policy beheer on abonnement_wens to signaalhub_beheer using (true) with check (true);

grant select, delete on abonnement_wens to signaalhub_bezorger;
create policy bezorger on abonnement_wens to signaalhub_bezorger using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- gebeurtenis: the outbox. What happened that some subscription wants to hear of, written in the transaction of the cause and
-- spread over the subscriptions after it (`bezorging`). The random ids of a signal, household, contest or record of
-- destruction, and a kind; nothing else about a resident. Destroyed with the signal or household that it names, except that
-- a signal was withdrawn: that is told when it is gone already. The sweeper deletes what is left two weeks after `dag`.
create table gebeurtenis (
  gemeentecode text not null,
  id uuid not null default hub_uuid_v7(hub_nu()),
  soort text not null check (soort in ('nl.vroegsignalering.signaal-ontvangen',
    'nl.vroegsignalering.signaal-ingetrokken', 'nl.vroegsignalering.huishouden-gematcht',
    'nl.vroegsignalering.crisis-gemeld', 'nl.vroegsignalering.terugkoppeling-gegeven',
    'nl.vroegsignalering.signaal-betwist', 'nl.vroegsignalering.gegevens-vernietigd', 'nl.vroegsignalering.proef')),
  op timestamptz not null default hub_nu(),
  dag date not null default hub_vandaag(),
  vroegsignaal_id uuid,
  huishouden_id uuid,
  betwisting_id uuid,
  vernietiging_id uuid,
  verspreid boolean not null default false,
  primary key (gemeentecode, id)
);
create index gebeurtenis_vroegsignaal on gebeurtenis (vroegsignaal_id, gemeentecode) where vroegsignaal_id is not null;
create index gebeurtenis_huishouden on gebeurtenis (huishouden_id, gemeentecode) where huishouden_id is not null;
create index gebeurtenis_dag on gebeurtenis (dag, gemeentecode);
create index gebeurtenis_onverspreid on gebeurtenis (id) where not verspreid;

alter table gebeurtenis enable row level security, force row level security;
grant insert on gebeurtenis to signaalhub_signaalpartner;
create policy partner_veroorzaakt on gebeurtenis for insert to signaalhub_signaalpartner
  with check (exists (select from hub_herkomsten() h join overeenkomst o
    on o.signaalpartner_id = h.signaalpartner_id and o.gemeentecode = gebeurtenis.gemeentecode));

grant insert on gebeurtenis to signaalhub_gemeente, signaalhub_matcher, signaalhub_vernietiger;
create policy veroorzaken on gebeurtenis for insert to signaalhub_gemeente, signaalhub_matcher, signaalhub_vernietiger
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on gebeurtenis to signaalhub_gemeente;
create policy gemeente_lezen on gebeurtenis for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- What is told about a household goes with it.
grant select (gemeentecode, huishouden_id), delete on gebeurtenis to signaalhub_matcher, signaalhub_herleider;
create policy huishouden_zien on gebeurtenis for select to signaalhub_matcher, signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy huishouden_weg on gebeurtenis for delete to signaalhub_matcher, signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- A signal that moves is new where it comes, and gone where it was.
grant insert, select (gemeentecode, vroegsignaal_id), delete on gebeurtenis to signaalhub_doorzender;
create policy doorzender_erheen on gebeurtenis for insert to signaalhub_doorzender
  with check (gemeentecode = (select hub_gemeente_naar()));
create policy doorzender_zien on gebeurtenis for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));
create policy doorzender_weg on gebeurtenis for delete to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));

grant select (gemeentecode, id, soort, dag, vroegsignaal_id, huishouden_id), delete on gebeurtenis
  to signaalhub_vernietiger;
create policy vernietiger on gebeurtenis for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_weg on gebeurtenis for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_vinden on gebeurtenis for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and dag < (select hub_vandaag()));

-- It looks across municipalities for one thing only: which of them have something to tell. Ids only.
grant select, update (verspreid) on gebeurtenis to signaalhub_bezorger;
create policy bezorger_vinden on gebeurtenis for select to signaalhub_bezorger using (true);
create policy bezorger_verspreiden on gebeurtenis for update to signaalhub_bezorger
  using (gemeentecode in (select unnest(hub_gemeentecodes()))) with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- idempotentie: requests that were carried out, so that a repeat has no second effect. Hashes and random ids only. When
-- nothing is left of the signal that the request led to, only its key stays, so that a repeat does not bring it back. The
-- sweeper deletes a row after `verloopt_op`.
create table idempotentie (
  client_id uuid not null references client on delete cascade,
  sleutel_hash bytea not null,
  vingerafdruk bytea not null,
  status integer not null,
  gemeentecode text,
  resultaat_id text not null,
  verloopt_op timestamptz not null,
  primary key (client_id, sleutel_hash)
);
create index idempotentie_resultaat on idempotentie (resultaat_id);
create index idempotentie_verloop on idempotentie (verloopt_op);

alter table idempotentie enable row level security, force row level security;
grant select, insert, update on idempotentie to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_beheer;
create policy eigen on idempotentie to signaalhub_gemeente, signaalhub_beheer
  using (client_id = (select hub_client_id())) with check (client_id = (select hub_client_id()));
create policy eigen_signaalpartner on idempotentie to signaalhub_signaalpartner
  using (client_id in (select h.client_id from hub_herkomsten() h))
  with check (client_id in (select h.client_id from hub_herkomsten() h));
grant select (gemeentecode, resultaat_id, verloopt_op), update (vingerafdruk, gemeentecode, resultaat_id), delete
  on idempotentie to signaalhub_vernietiger;
-- What it changes, it can only forget.
create policy vernietiger_zien on idempotentie for select to signaalhub_vernietiger using (true);
create policy vernietiger_vergeten on idempotentie for update to signaalhub_vernietiger using (true)
  with check (vingerafdruk = '' and gemeentecode is null and resultaat_id = '');
create policy vernietiger_verlopen on idempotentie for delete to signaalhub_vernietiger
  using (verloopt_op <= (select hub_nu()));
