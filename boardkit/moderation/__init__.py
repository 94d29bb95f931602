"""Moderation: samples and their certificates, forms, double marking, what moderation showed, the external's pack.

It is built of a cohort's tables and read by no stage.
"""
