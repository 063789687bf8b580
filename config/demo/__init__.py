"""The demo county 清河县 (999901): a seeded generator of real workbooks, and the way they take through the pipeline.

Area code 9999xx is not assigned to any place, so no identity number made here can belong to a person.
"""
