"""The first page: is this customer ready?"""
