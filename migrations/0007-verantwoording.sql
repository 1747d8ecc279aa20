-- verwerking: the processing log (Logboek Dataverwerkingen): one row per person per processing, in the
-- transaction of the processing. The person is a keyed pseudonym. Append-only; kept for accountability.
create table verwerking (
  gemeentecode text not null,
  id uuid not null,
  trace_id text not null,
  activiteit text not null,
  client_id uuid,
  signaalpartner_id uuid,
  betrokkene_pseudoniem bytea not null,
  object_id uuid not null,
  op timestamptz not null,
  primary key (gemeentecode, id)
);

create function weiger_wijziging() returns trigger language plpgsql as $$
begin
  raise exception 'this log is append-only';
end $$;
create trigger verwerking_alleen_toevoegen before update or delete or truncate on verwerking
  for each statement execute function weiger_wijziging();

alter table verwerking enable row level security;
alter table verwerking force row level security;
grant insert on verwerking to signaalhub_signaalpartner, signaalhub_gemeente;
create policy eigen_signaalpartner on verwerking for insert to signaalhub_signaalpartner
  with check (signaalpartner_id = (select hub_signaalpartner_id()) and client_id = (select hub_client_id()));
create policy eigen_gemeente on verwerking for insert to signaalhub_gemeente
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]) and client_id = (select hub_client_id()));
grant select on verwerking to signaalhub_gemeente;
create policy gemeente_lezen on verwerking for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));

-- idempotentie: requests that were carried out, so that a repeat has no second effect. Hashes and ids only;
-- gone after 35 days, or with the signal they led to.
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

alter table idempotentie enable row level security;
alter table idempotentie force row level security;
grant select, insert, update on idempotentie to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_beheer;
create policy eigen on idempotentie to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_beheer
  using (client_id = (select hub_client_id())) with check (client_id = (select hub_client_id()));
grant select (gemeentecode, resultaat_id, verloopt_op), delete on idempotentie to signaalhub_vernietiger;
create policy vernietiger on idempotentie to signaalhub_vernietiger using (true);
