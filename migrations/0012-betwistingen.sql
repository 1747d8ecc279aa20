-- betwisting: a municipality's objection to a careless signal, and the partner's answer. What both wrote is encrypted
-- in `inhoud` under the data key of `sleuteldag`, the signal's. Destroyed with the signal.
create table betwisting (
  gemeentecode text not null references gemeente,
  id uuid not null,
  vroegsignaal_id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  reden text not null check (reden ~ '^[a-z-]{1,40}$'),
  reactie text check (reactie in ('ingetrokken', 'gehandhaafd')),
  betrokkene_pseudoniem bytea not null,
  ingediend_op timestamptz not null,
  beantwoord_op timestamptz,
  sleuteldag date not null,
  vernietigingsdatum date not null check (vernietigingsdatum <= sleuteldag),
  inhoud bytea not null,
  primary key (gemeentecode, id),
  check ((reactie is null) = (beantwoord_op is null))
);
create unique index betwisting_open on betwisting (gemeentecode, vroegsignaal_id) where reactie is null;
create index betwisting_signaal on betwisting (gemeentecode, vroegsignaal_id);
create index betwisting_signaalpartner on betwisting (signaalpartner_id, id);

-- signaalpartner_telling: how often what happened with a partner's signals, per day. Counts only; kept for the monitor
-- and for the dossier that a municipality sends to the umbrella organisation about careless signals.
create table signaalpartner_telling (
  gemeentecode text not null,
  signaalpartner_id uuid not null references signaalpartner,
  dag date not null,
  gebeurtenis text not null check (gebeurtenis in ('opgenomen', 'waarschuwing', 'intrekking', 'betwisting',
    'betwisting-ingetrokken', 'betwisting-gehandhaafd')),
  kenmerk text not null check (kenmerk ~ '^[a-z-]{1,60}$'),
  aantal integer not null,
  primary key (gemeentecode, signaalpartner_id, dag, gebeurtenis, kenmerk)
);

alter table betwisting enable row level security;
alter table betwisting force row level security;
alter table signaalpartner_telling enable row level security;
alter table signaalpartner_telling force row level security;

-- Seen as long as the signal itself is, by either side; `vernietigingsdatum` follows that of the signal.
grant select, insert on betwisting to signaalhub_gemeente;
create policy gemeente_lezen on betwisting for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsdatum > (select hub_vandaag()));
create policy gemeente_indienen on betwisting for insert to signaalhub_gemeente
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select, update (reactie, beantwoord_op, inhoud) on betwisting to signaalhub_signaalpartner;
create policy partner on betwisting to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and exists (
    select from vroegsignaal s where s.gemeentecode = betwisting.gemeentecode and s.id = betwisting.vroegsignaal_id))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
grant select (gemeentecode, vroegsignaal_id), delete on betwisting to signaalhub_vernietiger, signaalhub_afhandelaar;
grant select (vernietigingsdatum), update (vernietigingsdatum) on betwisting to signaalhub_afhandelaar;
create policy met_signaal on betwisting to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select, insert, update on signaalpartner_telling to signaalhub_signaalpartner, signaalhub_gemeente;
create policy partner on signaalpartner_telling to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
create policy gemeente on signaalpartner_telling to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select on signaalpartner_telling to signaalhub_beheer;
create policy beheer on signaalpartner_telling for select to signaalhub_beheer using (true);
