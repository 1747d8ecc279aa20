-- What `herindeler` may do on the day that a municipality merges into another one (`herindeling`), and on every day after it,
-- for what may turn up under the old code. It sees both municipalities, moves rows from the old one to the new one, and has
-- no other rights: not before the day, and not between any other two municipalities. A row keeps its id and all its days, so
-- that it goes when it would have gone.

-- Agreements go on with the successor, as rows of their own with the same signatures; those of the old municipality end, and
-- stay as evidence.
grant select, insert, update (einddatum, ingreep) on overeenkomst to signaalhub_herindeler;
create policy herindeler_zien on overeenkomst for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_voortzetten on overeenkomst for insert to signaalhub_herindeler
  with check (gemeentecode = (select hub_gemeente_naar()) and (select hub_herindeling_geldt()));
create policy herindeler_beeindigen on overeenkomst for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_van()));

-- Clients and their subscriptions work for both until all has moved, so that nothing is out of sight, and for the successor
-- alone from then on.
grant select (id, gemeentecodes, ingetrokken_op), update (gemeentecodes) on client to signaalhub_herindeler;
create policy herindeler_zien on client for select to signaalhub_herindeler
  using (((select hub_gemeente_van()) = any (gemeentecodes) or (select hub_gemeente_naar()) = any (gemeentecodes)) and (select hub_herindeling_geldt()));
create policy herindeler_overdragen on client for update to signaalhub_herindeler
  using ((select hub_gemeente_van()) = any (gemeentecodes) and (select hub_herindeling_geldt()))
  with check ((select hub_gemeente_naar()) = any (gemeentecodes));
grant select (id, gemeentecodes), update (gemeentecodes) on abonnement to signaalhub_herindeler;
create policy herindeler_zien on abonnement for select to signaalhub_herindeler
  using (((select hub_gemeente_van()) = any (gemeentecodes) or (select hub_gemeente_naar()) = any (gemeentecodes)) and (select hub_herindeling_geldt()));
create policy herindeler_overdragen on abonnement for update to signaalhub_herindeler
  using ((select hub_gemeente_van()) = any (gemeentecodes) and (select hub_herindeling_geldt()))
  with check ((select hub_gemeente_naar()) = any (gemeentecodes));
grant select, insert, delete on abonnement_wens to signaalhub_herindeler;
create policy herindeler_zien on abonnement_wens for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_wensen on abonnement_wens for insert to signaalhub_herindeler
  with check (gemeentecode = (select hub_gemeente_naar()) and (select hub_herindeling_geldt()));
create policy herindeler_vergeten on abonnement_wens for delete to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt()));

-- Its deliveries come along with an event.
grant select (gemeentecode, id, vroegsignaal_id, huishouden_id), update (gemeentecode) on gebeurtenis
  to signaalhub_herindeler;
create policy herindeler_zien on gebeurtenis for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on gebeurtenis for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));
-- What is told about a household that is joined with another goes with it.
grant delete on gebeurtenis to signaalhub_herindeler;
create policy herindeler_weg on gebeurtenis for delete to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));

-- Content is bound to its municipality, so it is opened and sealed anew. Where the resident objected to it in the new
-- municipality, a signal arrives withdrawn and due at once.
grant select (gemeentecode, id, signaalpartner_id, status, sleuteldag, vernietigingsaanleiding, adres_index, adresversie,
  adres_bekend, persoon_index, inhoud, beoordeling), update (gemeentecode, inhoud, beoordeling, status, vernietigingsaanleiding)
  on vroegsignaal to signaalhub_herindeler;
create policy herindeler_zien on vroegsignaal for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on vroegsignaal for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt()))
  with check (gemeentecode = (select hub_gemeente_naar()) and (vernietigingsaanleiding <> 'bezwaar' or status = 'ingetrokken'));

grant select (gemeentecode, id), update (gemeentecode) on gemeld_signaal to signaalhub_herindeler;
create policy herindeler_zien on gemeld_signaal for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on gemeld_signaal for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

grant select (gemeentecode, id, vroegsignaal_id), update (gemeentecode) on terugkoppeling to signaalhub_herindeler;
create policy herindeler_zien on terugkoppeling for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on terugkoppeling for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

grant select (gemeentecode, id, vroegsignaal_id, sleuteldag, inhoud), update (gemeentecode, inhoud) on betwisting to signaalhub_herindeler;
create policy herindeler_zien on betwisting for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on betwisting for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

grant select (gemeentecode, vroegsignaal_id), update (gemeentecode) on maandspoor to signaalhub_herindeler;
create policy herindeler_zien on maandspoor for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on maandspoor for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

grant select, update (gemeentecode) on bezwaar to signaalhub_herindeler;
create policy herindeler_zien on bezwaar for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on bezwaar for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

grant select (gemeentecode, id, vroegsignaal_ids), update (gemeentecode) on beperking to signaalhub_herindeler;
create policy herindeler_zien on beperking for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on beperking for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

-- A case comes along with its signals and attempts at contact. That of a household that is joined with another goes to
-- the one that stays.
grant select (gemeentecode, id, huishouden_id, resultaat), update (gemeentecode, huishouden_id, samengevoegd) on vroegsignaalzaak
  to signaalhub_herindeler;
create policy herindeler_zien on vroegsignaalzaak for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on vroegsignaalzaak for update to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));
grant select on zaak_vroegsignaal to signaalhub_herindeler;
create policy herindeler_zien on zaak_vroegsignaal for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
grant select (gemeentecode, zaak_id, id) on contactpoging to signaalhub_herindeler;
create policy herindeler_zien on contactpoging for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));

grant usage on sequence huishouden_volgnummer to signaalhub_herindeler;
grant select (gemeentecode, id, adres_index, eerste_signaal_op, laatste_verval, volgnummer, adresindicatie_bron, adresindicatie_datum),
  update (gemeentecode, volgnummer, adresindicatie_bron, adresindicatie_datum), delete on huishouden to signaalhub_herindeler;
create policy herindeler_zien on huishouden for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on huishouden for update to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt())) with check (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())));
create policy herindeler_samenvoegen on huishouden for delete to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
grant select, insert, update (volgnummer, vervaldatum) on huishouden_vervallen to signaalhub_herindeler;
create policy herindeler_zien on huishouden_vervallen for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_melden on huishouden_vervallen for insert to signaalhub_herindeler
  with check (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_opnieuw_melden on huishouden_vervallen for update to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));

-- What a repeat of a request is answered with.
grant select (gemeentecode, resultaat_id), update (gemeentecode) on idempotentie to signaalhub_herindeler;
create policy herindeler_zien on idempotentie for select to signaalhub_herindeler
  using (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()));
create policy herindeler_verhuizen on idempotentie for update to signaalhub_herindeler
  using (gemeentecode = (select hub_gemeente_van()) and (select hub_herindeling_geldt())) with check (gemeentecode = (select hub_gemeente_naar()));

-- Whether the resident objected, on whatever way of writing the address.
grant select on adresregister_a, adresregister_b, adresregister_postcode_a, adresregister_postcode_b, adresregister_stand
  to signaalhub_herindeler;

-- The logs of both tell of it; nobody asked for it, so such a line names no client.
grant insert on verwerkingsblad to signaalhub_herindeler;
create policy herindeler on verwerkingsblad for insert to signaalhub_herindeler
  with check (gemeentecode in ((select hub_gemeente_van()), (select hub_gemeente_naar())) and (select hub_herindeling_geldt()) and client_id is null);
