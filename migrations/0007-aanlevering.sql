-- aanlevering: a partner's delivery and how it went, for the partner's own administration. Counts only. The sweeper
-- deletes it on `vernietigingsdatum`.
create table aanlevering (
  signaalpartner_id uuid not null references signaalpartner,
  id uuid not null,
  ontvangen_op timestamptz not null,
  vernietigingsdatum date not null,
  aantal_regels integer not null,
  aantal_opgenomen integer not null,
  aantal_afgewezen integer not null,
  aantal_ongewijzigd integer not null,
  redenen jsonb not null,
  primary key (signaalpartner_id, id)
);
create index aanlevering_vernietigingsdatum on aanlevering (vernietigingsdatum);

alter table aanlevering enable row level security, force row level security;
grant select, insert on aanlevering to signaalhub_signaalpartner;
create policy eigen_lezen on aanlevering for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()));
create policy eigen_toevoegen on aanlevering for insert to signaalhub_signaalpartner
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
grant select (vernietigingsdatum), delete on aanlevering to signaalhub_vernietiger;
create policy vernietiger_verlopen on aanlevering to signaalhub_vernietiger
  using (vernietigingsdatum <= (select hub_vandaag()));

-- aanlevering_deel: what became of each line of a delivery, some hundred lines a row. It names the partner's references of
-- lines that were rejected, so it is encrypted under the data key of `vernietigingsdatum` and destroyed on that day. Of a
-- line that became a signal it names that by its random id: the reference is the signal's, and is destroyed with it.
create table aanlevering_deel (
  signaalpartner_id uuid not null,
  aanlevering_id uuid not null,
  van_regel integer not null,
  tot_en_met_regel integer not null,
  aantal_afgewezen integer not null,
  aantal_opgenomen integer not null,
  aantal_ongewijzigd integer not null,
  vernietigingsdatum date not null,
  inhoud bytea not null,
  primary key (signaalpartner_id, aanlevering_id, van_regel)
);
create index aanlevering_deel_vernietigingsdatum on aanlevering_deel (vernietigingsdatum);

alter table aanlevering_deel enable row level security, force row level security;
grant select, insert on aanlevering_deel to signaalhub_signaalpartner;
create policy eigen_lezen on aanlevering_deel for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()));
create policy eigen_toevoegen on aanlevering_deel for insert to signaalhub_signaalpartner
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
grant select (vernietigingsdatum), delete on aanlevering_deel to signaalhub_vernietiger;
create policy vernietiger_verlopen on aanlevering_deel to signaalhub_vernietiger
  using (vernietigingsdatum <= (select hub_vandaag()));
