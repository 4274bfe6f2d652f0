-- The language that another name is in (BCP 47), where somebody said it: "fr", "zh-Hant".
ALTER TABLE institution_aliases ADD COLUMN language TEXT;
