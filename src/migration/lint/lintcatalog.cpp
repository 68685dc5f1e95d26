#include "migration/lint/lintcatalog.h"

namespace pilothouse {

const LintCatalog::Table *LintCatalog::table(const SqlName &name) const
{
    for (auto each = tables.cbegin(); each != tables.cend(); ++each) {
        const SqlName known{each.key().section(QLatin1Char('.'), 0, 0),
                            each.key().section(QLatin1Char('.'), 1)};
        if (known.mayBe(name))
            return &each.value();
    }
    return nullptr;
}

} // namespace pilothouse
