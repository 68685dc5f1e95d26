#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "connectors/kubernetes/kubernetesobjects.h"

#include <QMap>

#include <memory>
#include <utility>

namespace pilothouse {

/// The objects of one kind as they were last told. One that cannot be decoded stays as it was
/// before and is remembered in `unreadable` until it can.
class ObjectStore
{
public:
    virtual ~ObjectStore() = default;

    virtual void put(const QJsonObject &object) = 0;
    virtual void remove(const QString &name) = 0;
    /// For a whole list: what is not in it is not there any more. The store outlives its `keep`.
    [[nodiscard]] virtual ListIntake intake() = 0;

    [[nodiscard]] const QMap<QString, Error> &unreadable() const { return m_unreadable; }
    /// Nothing if it can be read.
    [[nodiscard]] std::optional<Error> whyUnreadable(const QString &name) const
    {
        const auto found = m_unreadable.constFind(name);
        return found == m_unreadable.cend() ? std::nullopt : std::optional(*found);
    }

protected:
    QMap<QString, Error> m_unreadable; ///< by name
};

/// Decodes each object once; what it is made of is called in the threads that lists are taken in.
template <typename T>
class StoreOf final : public ObjectStore
{
public:
    using Decode = Result<T> (*)(const QJsonObject &);
    using Keep = std::function<bool(const QJsonObject &)>;
    /// `fresh` was overtaken on its way by what is known.
    using Overtaken = std::function<bool(const T &fresh, const T &known)>;

    explicit StoreOf(Decode decode, Keep keep = {}, Overtaken overtaken = {})
        : m_decode(decode), m_keep(std::move(keep)), m_overtaken(std::move(overtaken))
    {}

    void put(const QJsonObject &object) override
    {
        if (m_keep && !m_keep(object))
            return;
        const QString name = nameOf(object);
        const auto decoded = m_decode(object);
        if (!decoded) {
            m_unreadable.insert(name, decoded.error());
            return;
        }
        m_unreadable.remove(name);
        const auto known = m_all.constFind(name);
        if (known == m_all.cend() || !m_overtaken || !m_overtaken(*decoded, *known))
            m_all.insert(name, *decoded);
    }

    void remove(const QString &name) override
    {
        m_unreadable.remove(name);
        m_all.remove(name);
    }

    ListIntake intake() override
    {
        const auto fresh = std::make_shared<StoreOf>(m_decode, m_keep, m_overtaken);
        return {[fresh](const QJsonArray &objects, ListIntake::Page page) {
                    if (page == ListIntake::Page::First)
                        fresh->clear();
                    for (const QJsonValue object : objects)
                        fresh->put(object.toObject());
                },
                [this, fresh] {
                    become(*fresh);
                }};
    }

    /// By name, in its order.
    [[nodiscard]] const QMap<QString, T> &all() const { return m_all; }
    /// nullptr if it is not there.
    [[nodiscard]] const T *find(const QString &name) const
    {
        const auto found = m_all.constFind(name);
        return found == m_all.cend() ? nullptr : &*found;
    }

private:
    void clear()
    {
        m_all.clear();
        m_unreadable.clear();
    }

    /// Of what is in `fresh` that which is known stays where it cannot be read or is the newer.
    void become(StoreOf &fresh)
    {
        for (auto known = m_all.cbegin(); known != m_all.cend(); ++known) {
            const auto told = fresh.m_all.constFind(known.key());
            const bool stays = told == fresh.m_all.cend()
                                   ? fresh.m_unreadable.contains(known.key())
                                   : m_overtaken && m_overtaken(*told, *known);
            if (stays)
                fresh.m_all.insert(known.key(), *known);
        }
        m_all.swap(fresh.m_all);
        m_unreadable.swap(fresh.m_unreadable);
    }

    Decode m_decode;
    Keep m_keep;
    Overtaken m_overtaken;
    QMap<QString, T> m_all;
};

} // namespace pilothouse
