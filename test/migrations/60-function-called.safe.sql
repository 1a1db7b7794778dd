-- surefoot: expand because tidy only counts
SELECT tidy();
