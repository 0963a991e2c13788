"""The case as an Excel workbook whose money sheets are formulas over its assumptions."""
