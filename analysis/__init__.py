"""policyweave: who asks which kind of organisation for which measure, how strongly, and where it says so.

The package offers what the notebooks and the documents use (`__init__.pyi` lists it), each imported when first used;
everything else is imported from its module.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
