"""Verification: manufactured solutions, observed rates, and published or exact reference cases.

``CASES`` names every case and where it is computed; each is a function without arguments that returns its rows. The
modules are imported on demand, so that listing the cases costs nothing.
"""

CASES: dict[str, str] = {
    "thermal.T-1": "cases_thermal:case_T1",
    "thermal.T-2": "cases_thermal:case_T2",
    "thermal.T-4": "cases_thermal:case_T4",
    "thermal.T-6": "cases_thermal:case_T6",
    "thermal.T-7": "cases_thermal:case_T7",
    "thermal.T-8": "cases_thermal:case_T8",
    "thermal.T-9": "cases_thermal:case_T9",
    "thermal.source": "cases_thermal:case_source",
    "elastic.E-1": "cases_plane:case_E1",
    "elastic.E-4": "cases_plane:case_E4",
    "elastic.E-5": "cases_elastic:case_E5",
    "elastic.E-6": "cases_elastic:case_E6",
    "elastic.E-9": "cases_elastic:case_E9",
    "elastic.E-11": "cases_birth:case_E11",
    "elastic.harmonic_slab": "cases_elastic:case_harmonic_slab",
    "inelastic.V-1": "cases_viscoelastic:case_V1",
    "inelastic.V-2": "cases_viscoelastic:case_V2",
    "inelastic.V-3": "cases_viscoelastic:case_V3",
    "topograph.V1": "cases_topograph:case_V1",
    "topograph.V2": "cases_topograph:case_V2",
    "topograph.V3": "cases_topograph:case_V3",
    "topograph.V4": "cases_topograph:case_V4",
    "topograph.V5": "cases_topograph:case_V5",
    "topograph.V5.FE": "cases_heater:case_V5",
    "topograph.R1": "cases_topograph:case_R1",
    "topograph.R2": "cases_topograph:case_R2",
    "topograph.R3": "cases_topograph:case_R3",
    "topograph.R4": "cases_topograph:case_R4",
    "topograph.R5": "cases_topograph:case_R5",
    "topograph.R6": "cases_topograph:case_R6",
    "topograph.R7": "cases_topograph:case_R7",
    "rates.heat": "cases_rates:case_heat",
    "rates.elasticity": "cases_rates:case_elasticity",
    "balance.heat": "cases_balance:case_heat",
    "balance.mechanics": "cases_balance:case_mechanics",
    "imprint.mesh": "cases_imprint:case_mesh",
}
