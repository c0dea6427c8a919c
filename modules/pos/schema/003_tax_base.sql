comment on column pos.receipt_tax.base_amount is 'Base | What the tax is reckoned on.';
