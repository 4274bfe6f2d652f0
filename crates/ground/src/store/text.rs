//! Ids and closed lists as text columns, on either database. A concept names its own lists in its `store.rs`:
//! `as_text!(Choice, Capacity)`.

/// Keeps the named types, which have `as_str` and `FromStr`, in text columns.
#[macro_export]
macro_rules! as_text {
    ($($name:ty),+ $(,)?) => {$(
        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <str as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Nullable<diesel::sql_types::Text>, DB> for $name
        where
            $name: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                <$name as diesel::serialize::ToSql<diesel::sql_types::Text, DB>>::to_sql(self, out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                Ok(<String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(raw)?.parse()?)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::Queryable<diesel::sql_types::Text, DB> for $name
        where
            $name: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> diesel::deserialize::Result<Self> {
                Ok(row)
            }
        }

        impl diesel::expression::AsExpression<diesel::sql_types::Text> for $name {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }

        impl<'e> diesel::expression::AsExpression<diesel::sql_types::Text> for &'e $name {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Text, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }

        impl diesel::expression::AsExpression<diesel::sql_types::Nullable<diesel::sql_types::Text>> for $name {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Nullable<diesel::sql_types::Text>, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }

        impl<'e> diesel::expression::AsExpression<diesel::sql_types::Nullable<diesel::sql_types::Text>> for &'e $name {
            type Expression = diesel::internal::derives::as_expression::Bound<diesel::sql_types::Nullable<diesel::sql_types::Text>, Self>;
            fn as_expression(self) -> Self::Expression {
                diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
    )+};
}

pub use crate::as_text;

as_text!(
    crate::ids::AssignmentId,
    crate::ids::AttachmentId,
    crate::ids::AttemptId,
    crate::ids::BallotId,
    crate::ids::ConflictId,
    crate::ids::DecisionId,
    crate::ids::EntryId,
    crate::ids::InstitutionId,
    crate::ids::InviteId,
    crate::ids::CoSignerId,
    crate::ids::FeedId,
    crate::ids::LetterId,
    crate::ids::MailId,
    crate::ids::MembershipId,
    crate::ids::MotionId,
    crate::ids::ObjectionId,
    crate::ids::OfficerId,
    crate::ids::PersonId,
    crate::ids::PostId,
    crate::ids::QuestionId,
    crate::ids::RequestId,
    crate::ids::ReviewId,
    crate::ids::RoleId,
    crate::ids::SeatHolderId,
    crate::ids::SeatId,
    crate::ids::SessionId,
);
