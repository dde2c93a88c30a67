"""The civic grammar: areas, people, matters, visits, codes, figures."""
