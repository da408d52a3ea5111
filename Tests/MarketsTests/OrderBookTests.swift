import Markets
