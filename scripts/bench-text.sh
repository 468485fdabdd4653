# Sourced by scripts/bench.
say "text in process"
"$(program bench_seek)" "$out/text.json"
