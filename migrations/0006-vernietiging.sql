-- vernietiging: the record of what was destroyed, how much and why; never about whom. Kept; a signed chain per municipality.
create table vernietiging (
  gemeentecode text not null references gemeente,
  id uuid not null,
  volgnummer integer not null,
  uitgevoerd_op timestamptz not null,
  aanleiding text not null check (aanleiding in ('bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking')),
  aantal_vroegsignalen integer not null,
  aantal_huishoudens integer not null,
  bewijs text not null,
  primary key (gemeentecode, id),
  unique (gemeentecode, volgnummer)
);

-- job_run: which wake-ups were taken, so that of many instances one does the work. No personal data.
create table job_run (
  job text not null,
  slot text not null,
  gestart_op timestamptz not null,
  voltooid_op timestamptz,
  primary key (job, slot)
);

alter table vernietiging enable row level security;
alter table vernietiging force row level security;

grant select, insert on vernietiging to signaalhub_vernietiger;
create policy vernietiger on vernietiging to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select on vernietiging to signaalhub_gemeente, signaalhub_beheer;
create policy gemeente_lezen on vernietiging for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy beheer_lezen on vernietiging for select to signaalhub_beheer using (true);

grant select, insert, update, delete on job_run to signaalhub_vernietiger;
