-- abonnement: where a municipality wants to hear of events, and of which. It belongs to the client that made it and follows that
-- client: `gemeentecodes` are those of the client, and whoever works for all of these sees it. `mislukt_sinds`: since when no
-- attempt succeeded. No personal data. Deleted by the municipality.
create table abonnement (
  id uuid primary key,
  client_id uuid not null references client,
  gemeentecodes text[] not null check (cardinality(gemeentecodes) > 0),
  url text not null,
  soorten text[] not null check (cardinality(soorten) > 0),
  status text not null check (status in ('actief', 'uitgeschakeld')),
  reden text check (reden in ('op-verzoek', 'ontvanger-weg', 'onbereikbaar', 'client-zonder-toegang')),
  uitgeschakeld_op timestamptz,
  aangemaakt_op timestamptz not null,
  mislukt_sinds timestamptz,
  check ((status = 'actief') = (reden is null) and (reden is null) = (uitgeschakeld_op is null))
);
create index abonnement_client on abonnement (client_id);

alter table abonnement enable row level security, force row level security;
grant select, insert, delete, update (url, soorten, status, reden, uitgeschakeld_op, mislukt_sinds) on abonnement
  to signaalhub_gemeente;
create policy eigen_gemeenten on abonnement to signaalhub_gemeente
  using (gemeentecodes <@ (select hub_gemeentecodes()))
  with check (gemeentecodes <@ (select hub_gemeentecodes()));

-- A client that is changed or revoked.
grant select (id, client_id, gemeentecodes, soorten, status, reden, uitgeschakeld_op), update (gemeentecodes, status, reden, uitgeschakeld_op)
  on abonnement to signaalhub_beheer;
create policy beheer on abonnement to signaalhub_beheer using (true) with check (true);

grant select, update (status, reden, uitgeschakeld_op, mislukt_sinds) on abonnement to signaalhub_bezorger;
create policy bezorger on abonnement to signaalhub_bezorger using (true) with check (true);

alter table abonnement_wens add foreign key (abonnement_id) references abonnement on delete cascade;

-- abonnement_geheim: the secrets that deliveries of a subscription are signed with, two during a renewal. A secret is made of
-- its `id` by a key of the key database and is stored nowhere. No personal data. Deleted by the municipality.
create table abonnement_geheim (
  abonnement_id uuid not null references abonnement on delete cascade,
  id uuid not null,
  aangemaakt_op timestamptz not null,
  primary key (abonnement_id, id)
);

alter table abonnement_geheim enable row level security, force row level security;
grant select, insert, delete on abonnement_geheim to signaalhub_gemeente;
create policy eigen_gemeenten on abonnement_geheim to signaalhub_gemeente
  using (abonnement_id in (select a.id from abonnement a))
  with check (abonnement_id in (select a.id from abonnement a));
grant select on abonnement_geheim to signaalhub_bezorger;
create policy bezorger on abonnement_geheim for select to signaalhub_bezorger using (true);

-- bezorging: the delivery of an event to a subscription: how often it was tried, what came of it, and when it is tried next.
-- Whoever tries puts `volgende_poging_op` ahead first, so that no other instance does, and so that it is tried again when
-- that one dies. After `opgeven_na` it is given up. Random ids only. Destroyed with its event.
create table bezorging (
  gemeentecode text not null,
  id uuid not null default hub_uuid_v7(hub_nu()),
  abonnement_id uuid not null references abonnement on delete cascade,
  gebeurtenis_id uuid not null,
  status text not null default 'wacht' check (status in ('wacht', 'bezorgd', 'opgegeven')),
  aantal_pogingen integer not null default 0,
  volgende_poging_op timestamptz not null,
  opgeven_na timestamptz not null,
  laatste_poging_op timestamptz,
  http_status integer,
  fout text check (fout in ('adres-geweigerd', 'naam-onbekend', 'geen-verbinding', 'certificaat-ongeldig',
    'tijd-verstreken', 'doorverwijzing', 'antwoord-onleesbaar')),
  primary key (gemeentecode, id),
  foreign key (gemeentecode, gebeurtenis_id) references gebeurtenis on delete cascade on update cascade
);
create index bezorging_gebeurtenis on bezorging (gebeurtenis_id, gemeentecode);
create index bezorging_abonnement on bezorging (abonnement_id, id);
create index bezorging_wacht on bezorging (volgende_poging_op) where status = 'wacht';
create index bezorging_wacht_abonnement on bezorging (abonnement_id, volgende_poging_op) where status = 'wacht';

alter table bezorging enable row level security, force row level security;
grant select, insert, update (status, volgende_poging_op, opgeven_na, aantal_pogingen) on bezorging
  to signaalhub_gemeente;
create policy eigen_gemeente on bezorging to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and abonnement_id in (select a.id from abonnement a))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and abonnement_id in (select a.id from abonnement a));

-- A client that works no longer for a municipality.
grant select (gemeentecode, abonnement_id, status), delete on bezorging to signaalhub_beheer;
create policy beheer on bezorging to signaalhub_beheer using (status = 'wacht');

grant select, insert, delete, update (status, aantal_pogingen, volgende_poging_op, laatste_poging_op, http_status, fout)
  on bezorging to signaalhub_bezorger;
create policy bezorger_vinden on bezorging for select to signaalhub_bezorger using (true);
create policy bezorger_maken on bezorging for insert to signaalhub_bezorger with check (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy bezorger_bijhouden on bezorging for update to signaalhub_bezorger
  using (gemeentecode in (select unnest(hub_gemeentecodes()))) with check (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy bezorger_laten on bezorging for delete to signaalhub_bezorger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));

-- How much waits and for how long; of nobody.
grant select (status, volgende_poging_op) on bezorging to signaalhub_waarnemer;
create policy waarnemer on bezorging for select to signaalhub_waarnemer using (status = 'wacht');
