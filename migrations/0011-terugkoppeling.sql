-- terugkoppeling: what a partner hears about its own signal, one word of the whitelist each (Bgs art. 17). `inhoud` is
-- the partner's reference, encrypted under the data key of `vernietigingsdatum`: the day its signal would go by its term,
-- also where the signal went sooner, for a partner must not learn that from what it hears. Destroyed on that day.
create table terugkoppeling (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  volgnummer bigint not null,
  vroegsignaal_id uuid not null,
  code text not null check (code ~ '^[a-z-]{1,40}$'),
  op timestamptz not null,
  incassopauze_tot_en_met date,
  betrokkene_pseudoniem bytea not null,
  vernietigingsdatum date not null,
  inhoud bytea not null,
  primary key (gemeentecode, id)
);
create unique index terugkoppeling_volgorde on terugkoppeling (signaalpartner_id, volgnummer);
create index terugkoppeling_signaal on terugkoppeling (gemeentecode, vroegsignaal_id);
create index terugkoppeling_vernietigingsdatum on terugkoppeling (vernietigingsdatum, gemeentecode);

-- terugkoppeling_stand: the last number of each partner's feed. Held from the moment a number is taken until its
-- commit, so that none ever appears behind a reader. No personal data. Kept.
create table terugkoppeling_stand (
  signaalpartner_id uuid primary key references signaalpartner,
  laatste bigint not null
);

-- gemeld_signaal: that a partner reported a signal that is over for it: what its own later signals are weighed against,
-- and its receipt, encrypted in `inhoud` under the data key of `vernietigingsdatum`. Keyed hashes of the partner's own
-- reference and customer; no municipality can read it, and no address or person can be found by it. Destroyed on the
-- day the signal would have gone by its term.
create table gemeld_signaal (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  referentie_index bytea not null,
  klant_index bytea not null,
  soort text not null,
  sector text not null,
  signaaldatum date not null,
  ontvangen_op timestamptz not null,
  bedrag_in_centen integer not null,
  betrokkene_pseudoniem bytea not null,
  vernietigingsdatum date not null,
  inhoud bytea not null,
  primary key (gemeentecode, id)
);
create index gemeld_signaal_referentie on gemeld_signaal (signaalpartner_id, referentie_index);
create index gemeld_signaal_klant on gemeld_signaal (signaalpartner_id, klant_index);
create index gemeld_signaal_id on gemeld_signaal (signaalpartner_id, id);
create index gemeld_signaal_vernietigingsdatum on gemeld_signaal (vernietigingsdatum, gemeentecode);
alter table gemeld_signaal alter column signaalpartner_id set statistics 0;

alter table terugkoppeling enable row level security;
alter table terugkoppeling force row level security;
alter table terugkoppeling_stand enable row level security;
alter table terugkoppeling_stand force row level security;
alter table gemeld_signaal enable row level security;
alter table gemeld_signaal force row level security;

grant select on terugkoppeling, gemeld_signaal to signaalhub_signaalpartner;
create policy eigen_lezen on terugkoppeling for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()));
-- Also after its day, until the sweeper has been: its reference stays taken as long as that of a signal that still has
-- its row. What else it holds is asked for by day.
create policy eigen_lezen on gemeld_signaal for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()));

-- A municipality writes what the partner hears and can never read it back.
grant insert on terugkoppeling, gemeld_signaal to signaalhub_gemeente;
create policy gemeente_geven on terugkoppeling for insert to signaalhub_gemeente
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy gemeente_afronden on gemeld_signaal for insert to signaalhub_gemeente
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select, insert, update on terugkoppeling_stand to signaalhub_gemeente;
create policy gemeente on terugkoppeling_stand to signaalhub_gemeente using (true) with check (true);

-- With a signal that moves, so does what was said of it: it must go when the signal is erased there.
grant select (gemeentecode, vroegsignaal_id), update (gemeentecode) on terugkoppeling to signaalhub_afhandelaar;
create policy afhandelaar_zien on terugkoppeling for select to signaalhub_afhandelaar using (true);
create policy afhandelaar_verhuizen on terugkoppeling for update to signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[])) with check (true);

grant select (gemeentecode, id, vernietigingsdatum), delete on gemeld_signaal to signaalhub_vernietiger;
grant select (gemeentecode, vroegsignaal_id, vernietigingsdatum), delete on terugkoppeling to signaalhub_vernietiger;
create policy vernietiger on gemeld_signaal to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy vernietiger on terugkoppeling to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
