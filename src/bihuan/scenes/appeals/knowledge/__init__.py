"""The knowledge base: answers that a unit stands for, reviewed by another, found by words.

Guided by GB/T 44191-2024 (knowledge bases of government hotlines): each article has a unit that is
responsible, a basis, days between which it holds, and a day on which it is looked at again.
"""
