-- What is finished stays so: nobody takes it back by changing the row.
create or replace function x_sample_logic.stay_done() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if old.state = 'done' and new.state <> 'done' then
    perform kernel_logic.refuse('item_is_done', jsonb_build_object('name', old.name));
  end if;
  return new;
end $$;
create or replace trigger stay_done before update on x_sample.item
  for each row execute function x_sample_logic.stay_done();

select kernel_logic.track('x_sample.item');
select kernel_logic.bind('x_sample.item', 'x_sample.see', 'x_sample.manage');
select kernel_logic.readable('x_sample.item');
select kernel_logic.searchable('x_sample.item', array['name']);
grant insert, update on x_sample.item to kontor_app;
