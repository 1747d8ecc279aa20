-- client_geheim: keyed hashes of client secrets; a client may have two during a rotation. No personal data. Deleted by
-- the operator.
create table client_geheim (
  client_id uuid not null references client on delete cascade,
  id uuid not null,
  hash bytea not null,
  aangemaakt_op timestamptz not null,
  primary key (client_id, id)
);

alter table client_geheim enable row level security, force row level security;
grant select, insert, delete on client_geheim to signaalhub_beheer;
create policy beheer on client_geheim to signaalhub_beheer using (true) with check (true);
grant select on client_geheim to signaalhub_toegang;
create policy toegang on client_geheim for select to signaalhub_toegang using (true);

-- gebruikte_assertie: client assertions that were used, so that none works twice. No personal data. The sweeper
-- deletes a row after `verloopt_op`.
create table gebruikte_assertie (
  client_id uuid not null references client on delete cascade,
  assertie_hash bytea not null,
  verloopt_op timestamptz not null,
  primary key (client_id, assertie_hash)
);

alter table gebruikte_assertie enable row level security, force row level security;
grant select, insert on gebruikte_assertie to signaalhub_toegang;
create policy toegang on gebruikte_assertie to signaalhub_toegang using (true) with check (true);
grant select, delete on gebruikte_assertie to signaalhub_vernietiger;
create policy vernietiger on gebruikte_assertie to signaalhub_vernietiger using (verloopt_op <= (select hub_nu()));

-- dagverbruik: how often a client looked up residents on a day, so that its quota holds over all instances. A count, no
-- personal data. Deleted by the sweeper when the day is over.
create table dagverbruik (
  client_id uuid not null references client on delete cascade,
  dag date not null,
  zoekvragen integer not null check (zoekvragen > 0),
  primary key (client_id, dag)
);
create index dagverbruik_dag on dagverbruik (dag);

alter table dagverbruik enable row level security, force row level security;
grant select, insert, update (zoekvragen) on dagverbruik to signaalhub_toegang;
create policy vandaag on dagverbruik to signaalhub_toegang using (dag = hub_vandaag()) with check (dag = hub_vandaag());
grant select, delete on dagverbruik to signaalhub_vernietiger;
create policy vernietiger on dagverbruik to signaalhub_vernietiger using (dag < hub_vandaag());
