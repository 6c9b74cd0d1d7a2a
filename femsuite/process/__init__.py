"""How a zinc-aluminium clad bonds, wets and seals, and what later heat does to it; how a via is opened and metallised.

- `phase_diagram`: Zn-Al by straight lines between sourced points; the concentrations at two melting fronts.
- `clad`: layers after rolling or pressing, and whether they bond.
- `zinc_face`: aluminium that reaches the zinc's outer face, and how long a clad may be kept how warm.
- `bonding`: what a hold at the bonding temperature makes of a clad: zinc consumed, aluminium left, layers.
- `profile`: aluminium across the bonded joint; `later_heat`: what moulding and reflow do to it.
- `wetting`: what was measured on four frame platings; apart from it, in `wetting_reasons`, a class that reasons give.
- `reflow`: whether a joint melts at board reflow, its growth, and the pressure of the liquid.
- `flush`: whether that pressure opens the seam under the resin, what escapes, and the void that is left.
- `cap_seal`: what the step that seals a cap does to the joints inside, and whether the seal holds.
- `lamination`: a foil over steps: its upper face, how far it is drawn, whether voids stay.
- `ablation`: the wall that laser pulses leave in a foil.
- `opening`, `surface`: sections and surfaces of openings; a film summed up for floor, wall and top.
- `coverage`, `coverage_surface`: a vapour-deposited film with shadows, in the section and on a surface.
- `plating`, `kinetics`, `bath`: electrodeposition: Faraday's law, the electrode's face, the current over an opening.
- `deposit_shape`: the face of a deposit, and plating in steps that follow it.

Temperatures are in K, lengths in m, shares of the whole are numbers between 0 and 1. Every number carries where it
comes from and a status: ``published``, ``seed`` (a source document of the project), ``derived``, ``unchecked`` (from
memory of the named source) or ``estimate``.
"""
